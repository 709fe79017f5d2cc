import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PolicyText, Principal } from '@plumbline/tools/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start } from '../../../infra/services/postgres.mjs'
import { openState, type State } from './index.ts'
import { openPolicies } from './open-policies.ts'

const ana: Principal = { id: 'ana', name: 'Ana', roles: ['owner'], attributes: {} }
const yamlOf = (role: string) => `version: 1\nroles:\n  - name: ${role} # who asks\n`
const change = (expectedVersion: number) => ({ author: ana, surface: 'page' as const, expectedVersion, comment: '' })

/** Resolves with what the store tells first. */
const nextChange = ({ policies }: State) =>
  new Promise<PolicyText | null>((resolve) => {
    const stop = policies.onChange((current) => {
      stop()
      resolve(current)
    })
  })

describe('the policies of several processes on one Postgres', () => {
  let service: Awaited<ReturnType<typeof start>>
  let one: State
  let other: State

  beforeAll(async () => {
    service = await start()
    const config = { dataDir: '/nowhere', databaseUrl: service.url }
    one = await openState(config)
    other = await openState(config)
  })
  afterAll(async () => {
    await one?.close()
    await other?.close()
    await service?.stop()
  })

  it('are told to all of them, and undone with a new version [policies.versions]', async () => {
    expect([await one.policies.current(), await other.policies.current()]).toEqual([null, null])
    const told = nextChange(other)
    const ownTold = nextChange(one)
    const first = await one.policies.save({ ...change(0), yaml: yamlOf('analyst'), comment: 'a start\0' })
    expect(first).toMatchObject({
      version: 1,
      author: { id: 'ana', name: 'Ana' },
      comment: 'a start\uFFFD',
      restored: null,
    })
    expect(await told).toEqual(first)
    expect(await ownTold).toEqual(first)
    expect(await other.policies.current()).toEqual(first)

    const again = nextChange(one)
    await other.policies.save({ ...change(1), yaml: yamlOf('auditor') })
    expect((await again)?.version).toBe(2)
    const undone = await one.policies.restore({ ...change(2), version: 1 })
    expect(undone).toMatchObject({
      version: 3,
      yaml: first.yaml,
      document: first.document,
      hash: first.hash,
      restored: 1,
    })
    expect((await one.policies.list()).map(({ version }) => version)).toEqual([3, 2, 1])
    await expect(one.policies.get(9)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('are saved by one of those who save at once; each version is in the audit log [policies.versions]', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) =>
        (n % 2 ? one : other).policies.save({ ...change(3), yaml: yamlOf(`role-${n}`) }),
      ),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'CONFLICT', data: { version: 4 } })
    }
    const { entries } = await one.audit.search({ principal: 'ana' })
    expect(entries.map(({ details, action }) => [details.version, action])).toEqual([
      [4, 'policy-changed'],
      [3, 'policy-restored'],
      [2, 'policy-changed'],
      [1, 'policy-changed'],
    ])
    expect((await one.audit.verify()).ok).toBe(true)
  })

  it('do not change without a record, and not with a fault [audit.durable]', async () => {
    await sql`alter table audit_head rename to audit_head_away`.execute(one.db)
    await expect(one.policies.save({ ...change(4), yaml: yamlOf('unseen') })).rejects.toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
    })
    await sql`alter table audit_head_away rename to audit_head`.execute(one.db)
    await expect(one.policies.save({ ...change(4), yaml: 'version: 2' })).rejects.toMatchObject({
      code: 'POLICY_INVALID',
    })
    // What another process saved is noticed within a second.
    await expect.poll(async () => (await one.policies.current())?.version, { timeout: 10_000 }).toBe(4)
    const current = await one.policies.current()
    // What is in force already makes no version.
    expect(await one.policies.save({ ...change(4), yaml: current?.yaml ?? '' })).toEqual(current)
    expect((await one.policies.list())[0]?.version).toBe(4)
  })

  it('are not believed when somebody changed them in the database', async () => {
    await expect(sql`update policy_versions set yaml = 'version: 1'`.execute(one.db)).rejects.toThrow(/append-only/)
    await one.db.transaction().execute(async (tx) => {
      await sql`alter table policy_versions disable trigger user`.execute(tx)
      await sql`update policy_versions set yaml = 'version: 1' where version = 4`.execute(tx)
      await sql`alter table policy_versions enable always trigger policy_versions_append_only`.execute(tx)
    })
    const fresh = await openPolicies(one.db, { audit: one.audit, shared: true })
    await expect(fresh.current()).rejects.toMatchObject({ code: 'POLICY_INVALID' })
  })
})

describe('the policies in a file', () => {
  let dataDir: string
  let path: string
  let state: State

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'plumbline-policies-'))
    path = join(dataDir, 'policies.yaml')
    await writeFile(path, yamlOf('analyst'))
    state = await openState({ dataDir, policiesFile: path })
  })
  afterAll(async () => {
    await state?.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  const recorded = async () =>
    (await state.audit.search({ action: 'policy-changed' })).entries.map(({ details, principal }) => [
      principal.id,
      details.file,
      details.hash,
    ])

  it('are read anew when the file changes, and each change is recorded once [policies.versions]', async () => {
    const first = await state.policies.current()
    expect(first).toMatchObject({ version: 0, yaml: yamlOf('analyst') })
    const told = nextChange(state)
    await writeFile(path, yamlOf('auditor'))
    const second = await told
    expect(second?.document.roles[0]?.name).toBe('auditor')
    const both = [second, first].map((text) => ['system', 'policies.yaml', text?.hash])
    expect(await recorded()).toEqual(both)
    await state.close()
    state = await openState({ dataDir, policiesFile: path })
    expect(await recorded()).toEqual(both)
  })

  it('stay in force while the file is broken or gone, and the store says so', async () => {
    const faultOf = () => state.policies.origin.kind === 'file' && state.policies.origin.fault
    await writeFile(path, 'version: 1\nroles: [')
    await expect.poll(faultOf, { timeout: 20_000 }).toMatch(/^The policies are not valid/)
    expect((await state.policies.current())?.document.roles[0]?.name).toBe('auditor')
    await rm(path)
    await expect.poll(faultOf, { timeout: 20_000 }).toMatch(/can not be read/)
    await writeFile(path, yamlOf('analyst'))
    await expect.poll(faultOf, { timeout: 20_000 }).toBeNull()
    expect((await state.policies.current())?.document.roles[0]?.name).toBe('analyst')
    await expect(state.policies.save({ ...change(0), yaml: yamlOf('x') })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('must be valid at the start', async () => {
    await state.close()
    await writeFile(path, 'version: 1\nroles: [')
    await expect(openState({ dataDir, policiesFile: path })).rejects.toMatchObject({ code: 'POLICY_INVALID' })
    await writeFile(path, yamlOf('analyst'))
    state = await openState({ dataDir, policiesFile: path })
  })
})
