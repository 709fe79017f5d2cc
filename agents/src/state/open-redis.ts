import { Redis } from 'ioredis'

/**
 * The Redis server of PLUMBLINE_REDIS_URL. A command fails at once while it is out of reach, in place of waiting: a person waits
 * behind it. That the connection is encrypted, the configuration has seen to.
 */
export function openRedis(url: string): Redis {
  const redis = new Redis(url, { connectTimeout: 5000, commandTimeout: 5000, maxRetriesPerRequest: 1 })
  // Whoever sends a command is told; without a listener a lost connection would end the process.
  redis.on('error', () => {})
  return redis
}
