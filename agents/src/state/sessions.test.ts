import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openState } from './index.ts'
import { redisSessions } from './redis-sessions.ts'
import { type Sessions, sessionStore } from './sessions.ts'
import { hasRedis, startRedis } from './testing/redis-server.ts'

interface Place {
  readonly sessions: Sessions
  /** All that is stored, as text. */
  dump(): Promise<string>
  close(): Promise<void>
}

const MINUTE = 60_000
/** The time of day of the test. Ahead of the real one, so that Redis, which has its own clock, forgets nothing early. */
let now = 0
const clock = () => new Date(now)

const redisThere = hasRedis()
if (!redisThere) process.stdout.write('Sessions in Redis are not tested: redis-server is not installed.\n')

async function inPostgres(): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'plumbline-sessions-'))
  const state = await openState({ dataDir })
  return {
    sessions: sessionStore(state.db, clock),
    dump: async () => JSON.stringify(await state.db.selectFrom('login_sessions').selectAll().execute()),
    async close() {
      await state.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function inRedis(): Promise<Place> {
  const { redis, stop } = await startRedis()
  return {
    sessions: redisSessions(redis, clock),
    async dump() {
      const keys = (await redis.keys('plumbline:session:*')).sort()
      return JSON.stringify([keys, keys.length === 0 ? [] : await redis.mget(keys)])
    },
    close: stop,
  }
}

describe.each([
  { name: 'Postgres', open: inPostgres, there: true },
  { name: 'Redis', open: inRedis, there: redisThere },
])('sessions in $name', ({ open, there }) => {
  let place: Place
  beforeAll(async () => {
    if (there) place = await open()
  })
  afterAll(() => place?.close())
  beforeEach(() => {
    now = Date.now()
  })

  it.runIf(there)('are known by their value only, until they are ended [identity.sessions]', async () => {
    const { sessions } = place
    const { value, expiresAt } = await sessions.create('me')
    expect(await sessions.find(value)).toMatchObject({
      principalId: 'me',
      signedInBy: 'link',
      idToken: null,
      expiresAt,
    })
    expect(await sessions.find(`${value}x`)).toBeNull()
    expect(await sessions.find('')).toBeNull()
    const stored = await place.dump()
    expect(stored).toContain('me')
    expect(stored).not.toContain(value)
    await sessions.delete(value)
    expect(await sessions.find(value)).toBeNull()
    await sessions.delete(value)
  })

  it.runIf(there)('are told apart by a hash that lets nobody in', async () => {
    const { sessions } = place
    const made = [await sessions.create('me'), await sessions.create('me')]
    const hashes = await Promise.all(made.map(async ({ value }) => (await sessions.find(value))?.hash ?? ''))
    expect(new Set(hashes).size).toBe(2)
    for (const hash of hashes) expect(await sessions.find(hash)).toBeNull()
  })

  it.runIf(there)('end at their last hour, however much they are used [identity.sessions]', async () => {
    const { sessions } = place
    const terms = { signedInBy: 'oidc', lifetimeMs: 60 * MINUTE, idleMs: 30 * MINUTE, idToken: 'sealed' } as const
    const { value } = await sessions.create('ana', terms)
    for (let step = 0; step < 3; step++) {
      expect(await sessions.find(value)).toMatchObject({ signedInBy: 'oidc', idToken: 'sealed' })
      now += 20 * MINUTE
    }
    expect(await sessions.find(value)).toBeNull()
    now -= 30 * MINUTE
  })

  it.runIf(there)('end when they are not used for a while [identity.sessions]', async () => {
    const { sessions } = place
    const terms = { lifetimeMs: 600 * MINUTE, idleMs: 30 * MINUTE }
    const { value } = await sessions.create('ana', terms)
    const other = await sessions.create('ana', terms)
    now += 29 * MINUTE
    expect(await sessions.find(value)).not.toBeNull()
    now += 2 * MINUTE
    expect(await sessions.find(value)).not.toBeNull()
    expect(await sessions.find(other.value)).toBeNull()
    now -= 20 * MINUTE
    expect(await sessions.find(other.value)).toBeNull()
  })

  it.runIf(there)('of one person end all at once, and nobody else’s [identity.sessions]', async () => {
    const { sessions } = place
    const mine = [await sessions.create('bob'), await sessions.create('bob', { lifetimeMs: MINUTE })]
    const other = await sessions.create('eve')
    await sessions.deleteAllOf('bob')
    for (const { value } of mine) expect(await sessions.find(value)).toBeNull()
    expect(await sessions.find(other.value)).not.toBeNull()
    await sessions.deleteAllOf('nobody')
    const again = await sessions.create('bob')
    expect(await sessions.find(again.value)).not.toBeNull()
  })

  it.runIf(there)('do not come back when they are ended while they are read [identity.sessions]', async () => {
    const { sessions } = place
    for (let round = 0; round < 20; round++) {
      const { value } = await sessions.create('race', { idleMs: 30 * MINUTE })
      now += 5 * MINUTE
      await Promise.all([sessions.find(value), sessions.deleteAllOf('race'), sessions.find(value)])
      expect(await sessions.find(value)).toBeNull()
    }
  })
})

describe('a Redis that is gone', () => {
  it('is named, in place of a stack', async () => {
    const redis = new Redis({
      port: 1,
      host: '127.0.0.1',
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    })
    redis.on('error', () => {})
    await expect(redisSessions(redis).find('x')).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' })
    redis.disconnect()
  })
})
