import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_KEYS } from './api-keys.ts'
import { type IdentityStores, identityStores } from './identity-stores.ts'
import { openState, type State } from './index.ts'

const DAY = 86_400_000
let dataDir: string
let state: State
let stores: IdentityStores
let now = Date.now()

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plumbline-api-keys-'))
  state = await openState({ dataDir })
  stores = identityStores(state.db, () => new Date(now))
  for (const id of ['ana', 'mia']) await stores.users.save({ id, name: id, email: null, groups: [], attributes: {} })
})
afterAll(async () => {
  await state?.close()
  await rm(dataDir, { recursive: true, force: true })
})

const create = (userId = 'ana', expiresAt = new Date(now + DAY)) =>
  stores.apiKeys.create({ name: 'k', userId, scopes: ['ask'], expiresAt })

describe('an API key', () => {
  it('is 256 random bits of which only the hash is kept [identity.api-keys]', async () => {
    const { key, secret } = await create()
    expect(secret).toMatch(/^pl_[\w-]{43}$/)
    const stored = JSON.stringify(await state.db.selectFrom('api_keys').selectAll().execute())
    expect(stored).not.toContain(secret)
    expect(stored).not.toContain(secret.slice(0, 12))
    expect(secret.startsWith(key.prefix)).toBe(true)
    const found = await stores.apiKeys.find(secret)
    expect(found).toMatchObject({ id: key.id, user_id: 'ana', scopes: ['ask'], owner_name: 'ana' })
    for (const wrong of ['', key.id, key.prefix, secret.slice(0, -1), `${secret} `, secret.toLowerCase()]) {
      expect(await stores.apiKeys.find(wrong)).toBeNull()
    }
  })

  it('is over at its day, and says when it was last used [identity.api-keys]', async () => {
    const { key, secret } = await create()
    const lastUsed = async () => (await stores.apiKeys.list('ana')).find(({ id }) => id === key.id)?.last_used_at
    expect(await lastUsed()).toBeNull()
    await stores.apiKeys.find(secret)
    const first = now
    expect(await lastUsed()).toEqual(new Date(first))
    now += 30_000
    await stores.apiKeys.find(secret)
    expect(await lastUsed()).toEqual(new Date(first))
    now += 60_000
    await stores.apiKeys.find(secret)
    expect(await lastUsed()).toEqual(new Date(now))
    now += DAY
    expect(await stores.apiKeys.find(secret)).toBeNull()
  })

  it('is revoked by its owner and not by others, once and for all [identity.api-keys]', async () => {
    const { key, secret } = await create()
    await expect(stores.apiKeys.revoke(key.id, 'mia')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await stores.apiKeys.find(secret)).not.toBeNull()
    await stores.apiKeys.revoke(key.id, 'ana')
    const revokedAt = now
    now += 1000
    await stores.apiKeys.revoke(key.id, 'ana')
    expect(await stores.apiKeys.find(secret)).toBeNull()
    const listed = (await stores.apiKeys.list('ana')).find(({ id }) => id === key.id)
    expect(listed?.revoked_at).toEqual(new Date(revokedAt))
    expect((await stores.apiKeys.list('mia')).map(({ id }) => id)).not.toContain(key.id)
  })

  it('is one of fifty at most, of which those that are over do not count', async () => {
    const made = []
    for (let count = 0; count < MAX_KEYS; count++) made.push(await create('mia'))
    await expect(create('mia')).rejects.toMatchObject({ code: 'CONFLICT' })
    await stores.apiKeys.revoke(made[0]?.key.id ?? '')
    await create('mia')
    now += 2 * DAY
    await create('mia')
  })
})
