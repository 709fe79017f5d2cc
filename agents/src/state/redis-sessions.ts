import { AppError } from '@plumbline/tools/errors'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { hashOf, newSecret } from './secret.ts'
import { LINK_TERMS, type Sessions, touchEvery } from './sessions.ts'

const Stored = z.object({
  principalId: z.string(),
  signedInBy: z.enum(['link', 'oidc']),
  expiresAt: z.number(),
  idleMs: z.number().nullable(),
  lastUsedAt: z.number(),
  idToken: z.string().nullable(),
})
type Stored = z.infer<typeof Stored>

const sessionKey = (hash: string) => `plumbline:session:${hash}`
/** The hashes of one person's sessions, so that all of them can be ended. */
const ownerKey = (principalId: string) => `plumbline:sessions-of:${hashOf(principalId)}`

/** Sessions in Redis: it forgets them by itself. `clock` is the time of day, for tests. */
export function redisSessions(redis: Redis, clock = () => new Date()): Sessions {
  const forget = async (hash: string, principalId: string) => {
    await all(redis.multi().del(sessionKey(hash)).srem(ownerKey(principalId), hash).exec())
  }
  const read = async (hash: string): Promise<Stored | null> => {
    const text = await redis.get(sessionKey(hash))
    return text === null ? null : Stored.parse(JSON.parse(text))
  }

  return withRedisErrors({
    async create(principalId, terms) {
      const { signedInBy, lifetimeMs, idleMs, idToken } = { ...LINK_TERMS, ...terms }
      const now = clock().getTime()
      const value = newSecret()
      const hash = hashOf(value)
      const stored: Stored = {
        principalId,
        signedInBy,
        expiresAt: now + lifetimeMs,
        idleMs,
        lastUsedAt: now,
        idToken,
      }
      const owner = ownerKey(principalId)
      // The set lives as long as its longest session: GT never shortens a life, and NX gives a new set its first one.
      await all(
        redis
          .multi()
          .set(sessionKey(hash), JSON.stringify(stored), 'PX', lifeOf(stored, now))
          .sadd(owner, hash)
          .pexpire(owner, lifetimeMs, 'NX')
          .pexpire(owner, lifetimeMs, 'GT')
          .exec(),
      )
      return { value, expiresAt: new Date(stored.expiresAt) }
    },

    async find(value) {
      const hash = hashOf(value)
      const stored = await read(hash)
      if (!stored) return null
      const now = clock().getTime()
      const { principalId, signedInBy, expiresAt, idleMs, lastUsedAt, idToken } = stored
      if (now >= expiresAt || (idleMs !== null && now - lastUsedAt >= idleMs)) {
        await forget(hash, principalId)
        return null
      }
      if (idleMs !== null && now - lastUsedAt >= touchEvery(idleMs)) {
        const used = { ...stored, lastUsedAt: now }
        // XX: a session that was ended meanwhile must not come back.
        await redis.set(sessionKey(hash), JSON.stringify(used), 'PX', lifeOf(used, now), 'XX')
      }
      return { principalId, signedInBy, hash, expiresAt: new Date(expiresAt), idToken }
    },

    async delete(value) {
      const hash = hashOf(value)
      const stored = await read(hash)
      if (stored) await forget(hash, stored.principalId)
    },

    async deleteAllOf(principalId) {
      const owner = ownerKey(principalId)
      const hashes = await redis.smembers(owner)
      await redis.del(owner, ...hashes.map(sessionKey))
    },
  })
}

/** Milliseconds until Redis may forget it. */
function lifeOf({ expiresAt, idleMs }: Stored, now: number): number {
  return Math.max(1, Math.min(expiresAt - now, idleMs ?? Number.POSITIVE_INFINITY))
}

/** `exec` reports the errors of single commands as values. */
async function all(running: Promise<Array<[Error | null, unknown]> | null>): Promise<void> {
  for (const [error] of (await running) ?? []) if (error) throw error
}

function withRedisErrors(sessions: Sessions): Sessions {
  const guarded =
    <Args extends unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      try {
        return await method(...args)
      } catch (cause) {
        throw new AppError('STATE_UNAVAILABLE', 'The Redis server that keeps the sessions can not be reached.', {
          cause,
        })
      }
    }
  return {
    create: guarded(sessions.create),
    find: guarded(sessions.find),
    delete: guarded(sessions.delete),
    deleteAllOf: guarded(sessions.deleteAllOf),
  }
}
