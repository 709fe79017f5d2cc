import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAuditFile } from './audit-file.ts'
import { readAuditFile } from './read-audit-file.ts'
import { aQuery } from './testing/entries.ts'
import { verifyChain } from './verify-chain.ts'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-audit-'))
  path = join(folder, 'audit.jsonl')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Opens the log, records so many entries and closes it. */
async function record(count: number) {
  const log = await openAuditFile(path)
  const heads = await Promise.all(Array.from({ length: count }, (_, n) => log.record(aQuery({ question: `${n}` }))))
  await log.close()
  return heads
}
const verify = () => verifyChain(readAuditFile(path))
const unavailable = { code: 'AUDIT_UNAVAILABLE' }

describe('the audit log in a file', () => {
  it('goes on where it ended, in the order of the calls [audit.durable]', async () => {
    expect((await record(3)).map(({ seq }) => seq)).toEqual([1, 2, 3])
    const again = await record(300)
    expect(again.map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, n) => n + 4))
    expect(await verify()).toEqual({ ok: true, checked: 303, head: again.at(-1), fault: null })
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600')
    const questions = (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).question)
    expect(questions.slice(3)).toEqual(Array.from({ length: 300 }, (_, n) => `${n}`))
  })

  it('is one chain for several processes at once [audit.chain]', async () => {
    const writers = [1, 2, 3].map(() =>
      spawn(process.execPath, [join(import.meta.dirname, 'testing/record-to-file.ts'), path, '40'], {
        stdio: 'inherit',
      }),
    )
    const codes = await Promise.all(writers.map(async (writer) => (await once(writer, 'close'))[0]))
    expect(codes).toEqual([0, 0, 0])
    expect(await verify()).toMatchObject({ ok: true, checked: 120 })
  })

  it('has every acknowledged entry after kill -9, and goes on [audit.durable]', async () => {
    const acknowledged: number[] = []
    for (const count of [10, 60]) {
      const writer = spawn(process.execPath, [join(import.meta.dirname, 'testing/record-to-file.ts'), path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let left = count
      for await (const line of createInterface({ input: writer.stdout })) {
        acknowledged.push(Number(line))
        if (--left === 0) writer.kill('SIGKILL')
      }
    }
    await record(1)
    const verdict = await verify()
    expect(verdict.ok).toBe(true)
    expect(acknowledged.length).toBeGreaterThanOrEqual(70)
    expect(new Set(acknowledged).size).toBe(acknowledged.length)
    expect(verdict.head.seq).toBeGreaterThan(Math.max(...acknowledged))
  })

  it('cuts off the half line of a killed process, which nobody was told of', async () => {
    await record(2)
    const whole = await readFile(path, 'utf8')
    await appendFile(path, whole.slice(0, 100))
    expect((await record(1))[0]?.seq).toBe(3)
    expect(await verify()).toMatchObject({ ok: true, checked: 3 })
  })

  it('does not continue a broken log [audit.chain]', async () => {
    await record(5)
    const whole = await readFile(path, 'utf8')
    const lines = whole.split('\n')
    const broken = {
      changed: whole.replace('"question":"2"', '"question":"3"'),
      removed: lines.toSpliced(1, 1).join('\n'),
      'of other bytes': whole.replace('"question":"2"', '"question": "2"'),
      'with a field twice': whole.replace('"question":"2"', '"question":"9","question":"2"'),
    }
    for (const [how, text] of Object.entries(broken)) {
      await writeFile(path, text)
      expect([how, (await verify()).ok]).toEqual([how, false])
      const error = await openAuditFile(path).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject(unavailable)
      expect(String(error)).toMatch(/is broken\. (Entry [23]|What stands in the place of entry 3)/)
    }
  })

  it('fails the caller when the file is taken away under it, cut, or changed [audit.durable]', async () => {
    await record(3)
    const log = await openAuditFile(path)
    await rename(path, `${path}.away`)
    await expect(log.record(aQuery())).rejects.toMatchObject(unavailable)
    await rename(`${path}.away`, path)
    expect((await log.record(aQuery())).seq).toBe(4)
    const whole = await readFile(path, 'utf8')
    await appendFile(path, '{"forged":true}\n')
    await expect(log.record(aQuery())).rejects.toMatchObject(unavailable)
    await truncate(path, 10)
    await expect(log.record(aQuery())).rejects.toMatchObject(unavailable)
    await writeFile(path, whole)
    expect((await log.record(aQuery())).seq).toBe(5)
    await log.close()
    await expect(log.record(aQuery())).rejects.toMatchObject(unavailable)
    await expect(openAuditFile(join(folder, 'nowhere', 'audit.jsonl'))).rejects.toMatchObject(unavailable)
  })
})
