import { Redis } from 'ioredis'
import { requireTls } from '../service-tls.ts'

/**
 * The Redis server of PLUMBLINE_REDIS_URL. A command fails at once while it is out of reach, in place of waiting: a person waits
 * behind it. @throws CONFIG_INVALID when the address goes over a network without encryption
 */
export function openRedis(url: string): Redis {
  requireTls(url, 'PLUMBLINE_REDIS_URL')
  const redis = new Redis(url, { connectTimeout: 5000, commandTimeout: 5000, maxRetriesPerRequest: 1 })
  // Whoever sends a command is told; without a listener a lost connection would end the process.
  redis.on('error', () => {})
  return redis
}
