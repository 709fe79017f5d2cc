import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readAuditFile, verifyChain } from '@plumbline/tools/audit'
import { AuditEntry, AuditPage, AuditVerdict, type NewAuditEntry } from '@plumbline/tools/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { State } from '../state/index.ts'
import { BY_GROUP, keyOf } from './testing/restricted-caller.ts'
import { API_TOKEN, type Gateway, runGateway, temporaryState } from './testing/running-gateway.ts'

let gateway: Gateway
let state: State
let remove: () => Promise<void>

beforeAll(async () => {
  const temporary = await temporaryState()
  ;({ state, remove } = temporary)
  gateway = await runGateway(state, { identity: BY_GROUP })
  for (const [id, question] of [
    ['ana', 'How many flights?'],
    ['bob', '=HYPERLINK("http://evil.example")'],
    ['ana', 'And per month?'],
  ] as const) {
    await state.audit.record(entryOf({ principal: { id, name: id, roles: ['analyst'] }, question }))
  }
})
afterAll(async () => {
  await gateway?.close()
  await remove?.()
})

const entryOf = (changes: Partial<NewAuditEntry>): NewAuditEntry => ({
  principal: { id: 'ana', name: 'Ana', roles: [] },
  surface: 'page',
  action: 'query',
  outcome: 'ok',
  sqlAsked: 'SELECT 1',
  tables: [{ name: 'flights', columns: ['origin'] }],
  ...changes,
})
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${API_TOKEN}`, ...headers } })

describe('the audit log over HTTP', () => {
  it('is searched, newest first, in pages [audit.search]', async () => {
    const seqs = async (query: string) =>
      AuditPage.parse((await gateway.call('GET', `/api/audit?${query}`)).body).entries.map(({ seq }) => seq)
    expect(await seqs('')).toEqual([3, 2, 1])
    expect(await seqs('principal=ana')).toEqual([3, 1])
    expect(await seqs('text=month&table=Flights&outcome=ok&action=query&surface=page')).toEqual([3])
    expect(await seqs('from=2099-01-01')).toEqual([])
    const first = (await gateway.call('GET', '/api/audit?limit=2')).body
    expect([first.entries.length, first.next]).toEqual([2, 2])
    expect(await seqs(`limit=2&before=${first.next}`)).toEqual([1])
    expect(AuditEntry.parse((await gateway.call('GET', '/api/audit/2')).body).principal.id).toBe('bob')
    expect((await gateway.call('GET', '/api/audit/999')).status).toBe(404)
    for (const query of [
      'limit=0',
      'before=x',
      'action=nothing',
      'from=yesterday',
      'text=%27',
      `text=${'x'.repeat(400)}`,
    ]) {
      expect([query, (await gateway.call('GET', `/api/audit?${query}`)).status]).toEqual([query, 400])
    }
  })

  it('is exported as JSON lines that can be verified, and the export is an entry itself [audit.export]', async () => {
    const response = await get('/api/audit/export')
    expect(response.headers.get('content-type')).toContain('application/x-ndjson')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.jsonl"$/)
    const folder = await mkdtemp(join(tmpdir(), 'plumbline-export-'))
    const file = join(folder, 'audit.jsonl')
    await writeFile(file, await response.text())
    expect(await verifyChain(readAuditFile(file))).toEqual({
      ok: true,
      checked: 4,
      head: await state.audit.head(),
      fault: null,
    })
    await rm(folder, { recursive: true })
    expect(await state.audit.get(4)).toMatchObject({
      principal: { id: 'local' },
      surface: 'rest',
      action: 'audit-exported',
      details: { format: 'jsonl' },
    })
  })

  it('is exported as CSV without a formula, filtered [audit.export]', async () => {
    const lines = (await (await get('/api/audit/export?format=csv&principal=bob')).text()).trimEnd().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^seq,at,principal_id,/)
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"")"`)
    expect((await state.audit.search({ action: 'audit-exported' })).entries[0]?.details).toEqual({
      format: 'csv',
      principal: 'bob',
    })
  })

  it('is not given out when the export can not be recorded [audit.durable]', async () => {
    await sql`alter table audit_head rename to audit_head_away`.execute(state.db)
    const response = await get('/api/audit/export')
    await sql`alter table audit_head_away rename to audit_head`.execute(state.db)
    expect([response.status, (await response.json()).error.code]).toEqual([503, 'AUDIT_UNAVAILABLE'])
  })

  it('is verified, also against a head that was kept, with progress [audit.chain]', async () => {
    await Promise.all(Array.from({ length: 2000 }, () => state.audit.record(entryOf({}))))
    const head = await state.audit.head()
    const verdict = AuditVerdict.parse((await gateway.call('GET', `/api/audit/verify?head=${head.hash}`)).body)
    expect(verdict).toMatchObject({ ok: true, checked: head.seq, head })
    const other = await gateway.call('GET', `/api/audit/verify?head=${'ab'.repeat(32)}`)
    expect(other.body).toMatchObject({ ok: false, fault: { kind: 'truncated' } })
    const kept = await gateway.call('POST', '/api/audit/verify', { heads: [{ seq: 3, hash: 'ab'.repeat(32) }] })
    expect(kept.body.fault).toMatchObject({ kind: 'rewritten', seq: 3 })

    const text = await (await get('/api/audit/verify', { accept: 'text/event-stream' })).text()
    const events = [...text.matchAll(/event: (\w+)\ndata: (.*)\n/g)].map(([, name, data]) => [
      name,
      JSON.parse(data ?? ''),
    ])
    expect(events).toEqual([
      ['progress', { checked: 1000, of: head.seq }],
      ['progress', { checked: 2000, of: head.seq }],
      ['verdict', expect.objectContaining({ ok: true, checked: head.seq })],
    ])
  })

  it('holds sign-ins, those that failed, and keys, without their secrets [audit.refusals]', async () => {
    const token = gateway.loginTokens.issue()
    const logIn = () =>
      fetch(`${gateway.url}/api/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      })
    expect([(await logIn()).status, (await logIn()).status]).toEqual([204, 401])
    const made = await gateway.call('POST', '/api/keys', { name: 'CI', scopes: ['ask'] })
    expect(made.status).toBe(201)
    await gateway.call('DELETE', `/api/keys/${made.body.key.id}`)
    const { entries } = await state.audit.search({}, { limit: 4 })
    expect(entries.map(({ action, outcome, principal }) => [action, outcome, principal.id])).toEqual([
      ['key-revoked', 'ok', 'local'],
      ['key-created', 'ok', 'local'],
      ['login-failed', 'refused', 'unknown'],
      ['login', 'ok', 'local'],
    ])
    expect(entries[1]?.details.subject).toBe(made.body.key.id)
    for (const secret of [token, made.body.secret]) expect(JSON.stringify(entries)).not.toContain(secret)
  })

  it('is for those who have the permission [audit.search]', async () => {
    const status = async (path: string, key: string) => (await get(path, { authorization: `Bearer ${key}` })).status
    const auditor = await keyOf(state, 'auditor', ['audit.read'], ['audit.read'])
    const analyst = await keyOf(state, 'analyst', ['ask'], ['audit.read'])
    const narrow = await keyOf(state, 'narrow', ['audit.read'], ['ask'])
    for (const path of ['/api/audit', '/api/audit/1', '/api/audit/verify', '/api/audit/export']) {
      expect([path, await status(path, auditor)]).toEqual([path, 200])
      expect([path, await status(path, analyst)]).toEqual([path, 403])
      expect([path, await status(path, narrow)]).toEqual([path, 403])
      expect([path, (await fetch(`${gateway.url}${path}`)).status]).toEqual([path, 401])
    }
  })
})
