import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors/index.ts'
import { createLogger } from './logger.ts'
import { maskText } from './mask-secrets.ts'

function logged(log: (logger: ReturnType<typeof createLogger>) => void, level = 'info'): string {
  const lines: string[] = []
  log(createLogger('test', { level, destination: { write: (line) => void lines.push(line) } }))
  return lines.join('')
}

describe('the logger', () => {
  it.each([
    [{ headers: { authorization: 'Bearer hunter2hunter2' } }],
    [{ req: { headers: { cookie: 'session=hunter2hunter2' } } }],
    [{ token: 'hunter2hunter2' }],
    [{ config: { apiKey: 'hunter2hunter2' } }],
    [{ a: { b: { c: { password: 'hunter2hunter2' } } } }],
    [{ url: 'postgres://ann:hunter2hunter2@db/x' }],
    [{ link: 'http://127.0.0.1:3000/?token=hunter2hunter2&x=1' }],
    [{ text: 'sent with Bearer hunter2hunter2' }],
    [{ text: 'key sk-ant-hunter2hunter2' }],
    [{ text: `key pl_${'hunter2'.repeat(6)}` }],
    [{ text: 'token eyJhbGciOiJFUzI1NiJ9.eyJodW50ZXIyIjoxfQ.hunter2hunter2' }],
    [{ url: 'https://data.example/api/auth/callback?code=hunter2hunter2&state=hunter2hunter2&iss=x' }],
    [{ body: { refresh_token: 'hunter2hunter2' } }],
  ])('keeps credentials out: %j', (record) => {
    const line = logged((logger) => logger.info(record, 'did'))
    expect(line).toContain('"msg":"did"')
    expect(line).not.toContain('hunter2hunter2')
    expect(() => JSON.parse(line)).not.toThrow()
  })

  it('keeps credentials out of messages and causes', () => {
    const cause = new Error('401 for Bearer hunter2hunter2')
    const line = logged((logger) =>
      logger.error({ err: new AppError('MODEL_KEY_REFUSED', 'The key was refused.', { cause }) }, 'sk-hunter2hunter2'),
    )
    expect(line).not.toContain('hunter2hunter2')
    expect(JSON.parse(line).err).toMatchObject({ code: 'MODEL_KEY_REFUSED' })
    expect(line).toContain('401 for')
  })

  it('masks a long text of anybody’s without holding the process', () => {
    // With a pattern that reads on from every place, some of these take minutes.
    for (const part of ['a', 'eyJ', 'eyJ-', 'a.', 'Bearer', 'a://', '?code=', 'pl_', 'sk-']) {
      const masked = maskText(`${part.repeat(300_000 / part.length)} Bearer hunter2hunter2`)
      expect([part, masked.includes('hunter2')]).toEqual([part, false])
    }
  })

  it('is quiet below its level', () => {
    expect(logged((logger) => logger.info('x'), 'warn')).toBe('')
    expect(logged((logger) => logger.warn('x'), 'nonsense')).toContain('"msg":"x"')
  })

  it('writes to standard error, at the level of the environment', async () => {
    const file = JSON.stringify(fileURLToPath(new URL('./logger.ts', import.meta.url)))
    const script = `const { createLogger } = await import(${file}); createLogger('cli').debug('here'); process.exit(0)`
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, PLUMBLINE_LOG_LEVEL: 'debug' },
    })
    expect(stdout).toBe('')
    expect(JSON.parse(stderr)).toMatchObject({ name: 'cli', msg: 'here' })
  })
})
