import { once } from 'node:events'
import { appendFile, readFile } from 'node:fs/promises'
import { type AuditAnchor, makeAnchor, readAnchors, readAuditFile, verifyChain } from '@plumbline/tools/audit'
import { type AuditEntry, AuditFilter, type AuditVerdict } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { Config } from '../../config.ts'
import { withAuditDoor } from '../audit-door.ts'
import { plainText, type Style, terminalStyle } from '../render/style.ts'

export interface VerifyCommandOptions {
  readonly head?: string[]
  readonly anchors?: string
  readonly file?: string
  readonly partial?: boolean
  readonly json?: boolean
}

export type FilterOptions = Partial<Record<keyof AuditFilter, string>>

/** Reads the whole chain and says what is wrong with it, and where. Exit code 1 when something is. */
export async function verifyCommand(options: VerifyCommandOptions, config: Config): Promise<number> {
  const anchors = [...headsOf(options.head ?? []), ...(await anchorsOf(options.anchors, config))]
  const verdict = await verify(options, anchors, config)
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  process.stdout.write(
    options.json ? `${JSON.stringify(verdict, null, 2)}\n` : report(verdict, anchors.length, terminalStyle()),
  )
  return verdict.ok ? 0 : 1
}

async function verify(
  { file, partial = false }: VerifyCommandOptions,
  anchors: { seq?: number; hash: string }[],
  config: Config,
): Promise<AuditVerdict> {
  if (partial && file === undefined) throw new AppError('INPUT_INVALID', '--partial goes with --file.')
  const onProgress = (checked: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${checked.toLocaleString('en-US')} entries …`)
  }
  if (file === undefined) return withAuditDoor(config, (door) => door.verify(anchors, onProgress))
  return verifyChain(readAuditFile(file), { anchors, partial, onProgress }).catch(unreadable(file))
}

function report({ ok, checked, head, fault }: AuditVerdict, anchors: number, style: Style): string {
  const count = `${checked.toLocaleString('en-US')} ${checked === 1 ? 'entry' : 'entries'}`
  if (!ok) return `${style.bold('The audit log is not whole.')} ${fault?.message ?? ''}\n`
  const hint =
    anchors === 0 && checked > 0
      ? style.dim(
          'That its end was not cut shows only against a head that was kept elsewhere: plumbline audit anchor\n',
        )
      : ''
  return `${style.bold('The chain is whole:')} ${count}. Head ${head.seq} ${head.hash}\n${hint}`
}

/** Prints the head of the chain, signed when there is a key, or adds it to a file. */
export async function anchorCommand({ to }: { to?: string }, config: Config): Promise<number> {
  const head = await withAuditDoor(config, (door) => door.head())
  const line = `${JSON.stringify(makeAnchor(head, new Date(), config.auditKey ?? null))}\n`
  if (to === undefined) process.stdout.write(line)
  else await appendFile(to, line)
  return 0
}

/** Writes the entries to standard output, oldest first. */
export async function exportCommand(options: FilterOptions & { format: string }, config: Config): Promise<number> {
  const { format, ...rest } = options
  if (format !== 'jsonl' && format !== 'csv') throw new AppError('INPUT_INVALID', '--format is jsonl or csv.')
  await withAuditDoor(config, async (door) => {
    for await (const text of await door.export(filterOf(rest), format)) {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain')
    }
  })
  return 0
}

/** Lists the newest entries that match. */
export async function searchCommand(
  words: string[],
  options: FilterOptions & { limit: string; json?: boolean },
  config: Config,
): Promise<number> {
  const { limit, json, ...rest } = options
  const most = Number(limit)
  if (!Number.isInteger(most) || most < 1 || most > 500)
    throw new AppError('INPUT_INVALID', '--limit is a number from 1 to 500.')
  const filter = filterOf(words.length > 0 ? { ...rest, text: words.join(' ') } : rest)
  const { entries, next } = await withAuditDoor(config, (door) => door.search(filter, most))
  if (json) {
    process.stdout.write(`${JSON.stringify(entries, null, 2)}\n`)
    return 0
  }
  const style = terminalStyle()
  for (const entry of entries) process.stdout.write(`${line(entry, style)}\n`)
  if (entries.length === 0) process.stdout.write('No entry matches.\n')
  if (next !== null) process.stdout.write(style.dim(`There are older ones: --limit shows more than ${most}.\n`))
  return 0
}

function line(entry: AuditEntry, style: Style): string {
  const { seq, at, principal, surface, action, outcome, error, question, sqlAsked, details } = entry
  const facts = Object.entries(details).map(([name, value]) => `${name} ${value}`)
  const ended = outcome === 'ok' ? '' : style.bold(` ${outcome}${error ? ` (${plainText(error.code)})` : ''}`)
  const who = `${at.slice(0, 19).replace('T', ' ')} UTC  ${plainText(principal.id)}  ${surface} ${action}`
  return `${style.dim(String(seq))}  ${who}${ended}  ${plainText(question ?? sqlAsked ?? facts.join(', ')).slice(0, 120)}`
}

function filterOf(options: FilterOptions): AuditFilter {
  const parsed = AuditFilter.safeParse(options)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError('INPUT_INVALID', `--${issue?.path.join('.')}: ${issue?.message}.`)
}

function headsOf(texts: readonly string[]): { seq?: number; hash: string }[] {
  return texts.map((text) => {
    const found = /^(?:(\d{1,15}):)?([0-9a-f]{64})$/.exec(text.toLowerCase())
    if (!found) throw new AppError('INPUT_INVALID', '--head is a hash of 64 hexadecimal digits, or number:hash.')
    const [, seq, hash = ''] = found
    return seq === undefined ? { hash } : { seq: Number(seq), hash }
  })
}

async function anchorsOf(file: string | undefined, { auditKey }: Config): Promise<AuditAnchor[]> {
  if (file === undefined) return []
  return readAnchors(await readFile(file, 'utf8').catch(unreadable(file)), auditKey ?? null)
}

function unreadable(file: string) {
  return (cause: unknown): never => {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause
    throw new AppError('FILE_INVALID', `${file} can not be read.`, { cause })
  }
}
