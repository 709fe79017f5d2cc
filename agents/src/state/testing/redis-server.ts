import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'

/** Whether redis-server can be started here. */
export function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A Redis server of the test's own on loopback, and a client of it. */
export async function startRedis(): Promise<{ url: string; redis: Redis; stop(): Promise<void> }> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server: ChildProcess = spawn('redis-server', args, { stdio: 'ignore' })
  const redis = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: null })
  redis.on('error', () => {})
  await redis.ping()
  return {
    url: `redis://127.0.0.1:${port}`,
    redis,
    async stop() {
      redis.disconnect()
      const gone = once(server, 'exit')
      server.kill()
      await gone
    },
  }
}
