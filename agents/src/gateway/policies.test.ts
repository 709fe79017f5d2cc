import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DryRun, Policies, PolicyCheck, PolicyText } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Assistant } from '../assistant/assistant.ts'
import { openState, type State } from '../state/index.ts'
import { BY_GROUP, keyOf } from './testing/restricted-caller.ts'
import { type Gateway, runGateway, temporaryState } from './testing/running-gateway.ts'

let gateway: Gateway
let state: State
let remove: () => Promise<void>

const yamlOf = (role: string) => `# who may do what\nversion: 1\nroles:\n  - name: ${role}\n`

/** Says what it was asked. */
const dryRun: Assistant['dryRun'] = async ({ policies, principal, source, sql }) => ({
  asked: sql,
  governed: sql.startsWith('SELECT') ? `${source}: ${sql} as ${principal.name} ${principal.attributes.region}` : null,
  refusal: sql.startsWith('SELECT') ? null : { code: 'QUERY_NOT_READ_ONLY', message: 'Only SELECT runs here.' },
  tables: [{ name: 'flights', columns: ['origin'] }],
  applied: (policies?.roles ?? []).map(({ name }) => name),
})

beforeAll(async () => {
  const temporary = await temporaryState()
  ;({ state, remove } = temporary)
  gateway = await runGateway(state, { identity: BY_GROUP })
  gateway.assistant.dryRun = dryRun
})
afterAll(async () => {
  await gateway?.close()
  await remove?.()
})

const save = (yaml: string, expectedVersion: number) =>
  gateway.call('PUT', '/api/policies', { yaml, comment: 'because', expectedVersion })

describe('the policies over HTTP', () => {
  it('are saved, listed, restored, each version with its author and its entry in the audit log [policies.versions]', async () => {
    expect(Policies.parse((await gateway.call('GET', '/api/policies')).body)).toEqual({
      current: null,
      versions: [],
      origin: { kind: 'store' },
      editable: true,
    })
    const first = PolicyText.parse((await save(yamlOf('analyst'), 0)).body)
    expect(first).toMatchObject({ version: 1, author: { id: 'local' }, comment: 'because', yaml: yamlOf('analyst') })
    expect(first.document.roles[0]?.name).toBe('analyst')
    await save(yamlOf('auditor'), 1)
    const back = PolicyText.parse(
      (await gateway.call('POST', '/api/policies/restore', { version: 1, expectedVersion: 2 })).body,
    )
    expect(back).toMatchObject({ version: 3, yaml: yamlOf('analyst'), restored: 1 })
    const { current, versions } = Policies.parse((await gateway.call('GET', '/api/policies')).body)
    expect([current?.version, versions.map(({ version }) => version)]).toEqual([3, [3, 2, 1]])
    expect((await gateway.call('GET', '/api/policies/2')).body.yaml).toBe(yamlOf('auditor'))
    expect((await gateway.call('GET', '/api/policies/9')).status).toBe(404)
    const { entries } = await state.audit.search({ principal: 'local' })
    expect(entries.map(({ action, details }) => [action, details.version])).toEqual([
      ['policy-restored', 3],
      ['policy-changed', 2],
      ['policy-changed', 1],
    ])
  })

  it('are not overwritten by who looked at an older version [policies.versions]', async () => {
    const { status, body } = await save(yamlOf('other'), 1)
    expect([status, body.error.code, body.error.data]).toEqual([409, 'CONFLICT', { version: 3 }])
    expect((await gateway.call('POST', '/api/policies/restore', { version: 1, expectedVersion: 2 })).status).toBe(409)
  })

  it('are checked, every fault with its line and column', async () => {
    const check = async (yaml: string) =>
      PolicyCheck.parse((await gateway.call('POST', '/api/policies/check', { yaml })).body)
    expect(await check(yamlOf('analyst'))).toMatchObject({ ok: true, faults: [], document: { version: 1 } })
    const broken =
      'version: 1\nroles:\n  - name: analyst\n    permissions: [fly]\ngrants:\n  - id: x\n    roles: [nobody]\n    tables: ["*"]\n'
    const { ok, faults } = await check(broken)
    expect(ok).toBe(false)
    expect(faults).toEqual([expect.objectContaining({ line: 4, column: 19, path: 'roles[0].permissions[0]' })])
    expect((await check('a: [')).faults[0]).toMatchObject({ line: 1 })
    const saved = await save(broken, 3)
    expect([saved.status, saved.body.error.code, saved.body.error.data.faults[0].line]).toEqual([
      422,
      'POLICY_INVALID',
      4,
    ])
  })

  it('are tried out as somebody else, and that is recorded', async () => {
    const principal = { id: 'ana', roles: ['analyst'], attributes: { region: 'west' } }
    const run = async (sql: string, more = {}) =>
      DryRun.parse(
        (await gateway.call('POST', '/api/policies/dry-run', { principal, source: 'flights', sql, ...more })).body,
      )
    expect(await run('SELECT 1')).toMatchObject({ governed: 'flights: SELECT 1 as ana west', applied: ['analyst'] })
    expect((await run('SELECT 1', { yaml: yamlOf('draft') })).applied).toEqual(['draft'])
    expect((await run('DROP TABLE flights')).refusal?.code).toBe('QUERY_NOT_READ_ONLY')
    expect(
      (
        await gateway.call('POST', '/api/policies/dry-run', {
          principal,
          source: 'flights',
          sql: 'SELECT 1',
          yaml: 'a: [',
        })
      ).body.error.code,
    ).toBe('POLICY_INVALID')
    const { entries } = await state.audit.search({ action: 'policy-dry-run' })
    expect(entries.map(({ outcome, sqlAsked, details }) => [outcome, sqlAsked, details.as, details.draft])).toEqual([
      ['refused', 'DROP TABLE flights', 'ana', false],
      ['ok', 'SELECT 1', 'ana', true],
      ['ok', 'SELECT 1', 'ana', false],
    ])
  })

  it('are read and changed by those who may [policies.versions]', async () => {
    const as = async (key: string, method: string, path: string, body?: unknown) => {
      const response = await fetch(`${gateway.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      return response.status
    }
    const reader = await keyOf(state, 'reader', ['policies.read'], ['admin'])
    const editor = await keyOf(state, 'editor', ['policies.read', 'policies.edit'], ['admin'])
    const neither = await keyOf(state, 'neither', ['ask'], ['admin'])
    const change = { yaml: yamlOf('next'), expectedVersion: 3 }
    for (const [method, path, body] of [
      ['GET', '/api/policies'],
      ['GET', '/api/policies/1'],
      ['POST', '/api/policies/check', { yaml: 'a' }],
    ] as const) {
      expect([path, await as(reader, method, path, body)]).toEqual([path, 200])
      expect([path, await as(neither, method, path, body)]).toEqual([path, 403])
    }
    for (const key of [reader, neither]) {
      expect(await as(key, 'PUT', '/api/policies', change)).toBe(403)
      expect(await as(key, 'POST', '/api/policies/restore', { version: 1, expectedVersion: 3 })).toBe(403)
    }
    expect(await as(editor, 'PUT', '/api/policies', change)).toBe(200)
    expect((await state.policies.current())?.author).toEqual({ id: 'editor', name: 'editor' })
  })

  it('of a file are shown and not changed [policies.versions]', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'plumbline-policies-'))
    const policiesFile = join(dataDir, 'policies.yaml')
    await writeFile(policiesFile, yamlOf('analyst'))
    const own = await openState({ dataDir, policiesFile })
    const other = await runGateway(own, { identity: BY_GROUP })
    const key = await keyOf(own, 'editor', ['policies.read', 'policies.edit'], ['admin'])
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const shown = Policies.parse(await (await fetch(`${other.url}/api/policies`, { headers })).json())
    expect(shown).toMatchObject({
      current: { version: 0, yaml: yamlOf('analyst') },
      origin: { kind: 'file', name: 'policies.yaml', fault: null },
      editable: false,
    })
    const body = JSON.stringify({ yaml: yamlOf('x'), expectedVersion: 0 })
    const refused = await fetch(`${other.url}/api/policies`, { method: 'PUT', headers, body })
    expect([refused.status, (await refused.json()).error.message]).toEqual([
      409,
      'The policies are kept in the file policies.yaml: change them there.',
    ])
    await other.close()
    await own.close()
    await rm(dataDir, { recursive: true })
  })
})
