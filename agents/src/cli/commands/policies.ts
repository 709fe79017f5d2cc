import { readFile } from 'node:fs/promises'
import { Policies, PolicyText } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { Config } from '../../config.ts'
import { checkPolicyText } from '../../gateway/check-policy-text.ts'
import { runningServer } from '../ask-door.ts'
import { withOwnState } from '../with-own-state.ts'

/** Checks a policy file: one line a fault, as compilers write them. Exit code 1 when there is one. */
export async function checkPoliciesCommand(file: string): Promise<number> {
  const { ok, faults } = checkPolicyText(await read(file))
  if (ok) process.stdout.write(`${file}: no faults.\n`)
  for (const { line, column, path, message } of faults) {
    process.stdout.write(`${file}:${line ?? 1}:${column ?? 1}: ${path === '' ? '' : `${path}: `}${message}\n`)
  }
  return ok ? 0 : 1
}

/** Prints the rules in force, or those of a version, as they were written. */
export async function showPoliciesCommand(wanted: string | undefined, config: Config): Promise<number> {
  const text = await withPolicies(config, (door) =>
    wanted === undefined ? door.current() : door.get(numberOf(wanted)),
  )
  if (!text) {
    process.stderr.write(
      'There are no policies yet: only the owner sees data. Save some: plumbline policies apply FILE\n',
    )
    return 0
  }
  const { version, author, createdAt, comment } = text
  const when = `${createdAt.slice(0, 16).replace('T', ' ')} UTC`
  process.stderr.write(
    version === 0
      ? `From the file ${author.name}, of ${when}.\n`
      : `Version ${version}, by ${author.name}, ${when}${comment === '' ? '' : `: ${comment}`}\n`,
  )
  process.stdout.write(text.yaml.endsWith('\n') ? text.yaml : `${text.yaml}\n`)
  return 0
}

/** Saves a file as the newest version, in force at once. What is in force already is left as it is. */
export async function applyPoliciesCommand(
  file: string,
  options: { comment?: string },
  config: Config,
): Promise<number> {
  const yaml = await read(file)
  if (!checkPolicyText(yaml).ok) return checkPoliciesCommand(file)
  await withPolicies(config, async (door) => {
    const current = await door.current()
    if (current?.yaml === yaml) {
      process.stdout.write(`These are the rules in force already (version ${current.version}).\n`)
      return
    }
    const saved = await door.save({ yaml, comment: options.comment ?? '', expectedVersion: current?.version ?? 0 })
    process.stdout.write(`Version ${saved.version} is in force.\n`)
  })
  return 0
}

interface PolicyDoor {
  current(): Promise<PolicyText | null>
  get(version: number): Promise<PolicyText>
  save(change: { yaml: string; comment: string; expectedVersion: number }): Promise<PolicyText>
}

async function withPolicies<T>(config: Config, work: (door: PolicyDoor) => Promise<T>): Promise<T> {
  const server = await runningServer(config)
  if (server)
    return work({
      current: async () => Policies.parse(await server.call('GET', '/api/policies')).current,
      get: async (version) => PolicyText.parse(await server.call('GET', `/api/policies/${version}`)),
      save: async (change) => PolicyText.parse(await server.call('PUT', '/api/policies', change)),
    })
  const { localPrincipal } = await import('../../assistant/local-principal.ts')
  return withOwnState(config, ({ policies }) =>
    work({
      current: policies.current,
      get: policies.get,
      save: (change) => policies.save({ ...change, author: localPrincipal, surface: 'cli' }),
    }),
  )
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('FILE_INVALID', `${file} can not be read.`, { cause })
  })
}

function numberOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new AppError('INPUT_INVALID', 'A version is a number.')
  return Number(text)
}
