import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenPlace, PLACES } from './testing/places.ts'

describe.each(['embedded', 'server'] as const)('refresh tokens in the %s Postgres', (kind) => {
  let place: OpenPlace
  beforeAll(async () => {
    place = await PLACES[kind]()
  })
  afterAll(() => place?.remove())

  const grants = () => place.state.identity.grants
  const create = () =>
    grants().create({
      userId: 'local',
      scopes: ['ask'],
      resource: 'api',
      apiKeyId: null,
      sessionHash: 'a session',
      expiresAt: new Date(Date.now() + 3_600_000),
    })

  it('that many bring at the same time let in one at most, and nobody after that [identity.tokens]', async () => {
    for (let round = 0; round < 10; round++) {
      const { grant, refreshToken } = await create()
      const results = await Promise.all(Array.from({ length: 8 }, () => grants().rotate(refreshToken)))
      const let_in = results.flatMap((result) => (result && 'refreshToken' in result ? [result.refreshToken] : []))
      expect(let_in.length).toBeLessThanOrEqual(1)
      expect(results.filter((result) => result && 'reusedGrant' in result)).toHaveLength(1)
      expect(await grants().find(grant.id)).toBeNull()
      for (const next of let_in) expect(await grants().rotate(next)).toBeNull()
    }
  })

  it('end with their session, and with their person', async () => {
    const one = await create()
    await grants().revokeAllOf({ sessionHash: 'another session' })
    expect(await grants().find(one.grant.id)).not.toBeNull()
    await grants().revokeAllOf({ sessionHash: 'a session' })
    expect(await grants().find(one.grant.id)).toBeNull()
    const two = await create()
    await grants().revokeAllOf({ userId: 'local' })
    expect(await grants().rotate(two.refreshToken)).toBeNull()
  })

  it('are rotated again and again by who has the newest [identity.tokens]', async () => {
    const { grant, refreshToken } = await create()
    const seen = new Set([refreshToken])
    let newest = refreshToken
    for (let step = 0; step < 5; step++) {
      const rotated = await grants().rotate(newest)
      if (!rotated || !('refreshToken' in rotated)) throw new Error('it was refused')
      expect(rotated.grant.id).toBe(grant.id)
      newest = rotated.refreshToken
      seen.add(newest)
    }
    expect(seen.size).toBe(6)
  })
})
