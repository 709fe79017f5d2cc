import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { WorkerPool } from './worker-pool.ts'

const open = (file: string, deadlineMs = 60_000) =>
  new WorkerPool({
    size: 2,
    start: () => new Worker(new URL(`./testing/${file}`, import.meta.url)),
    onLost: (line) => ({ allowed: false, text: `lost ${line}` }),
    deadlineMs,
  })
const texts = (judged: readonly { text: string }[]) => judged.map(({ text }) => text)

describe('a pool of threads', () => {
  it('judges many batches, each in its order [cli.check]', async () => {
    const pool = open('crashing-worker.ts')
    const batches = Array.from({ length: 40 }, (_, i) => [`a${i}`, `b${i}`, `c${i}`])
    const judged = await Promise.all(batches.map((batch) => pool.judge(batch)))
    expect(judged.map(texts)).toEqual(batches.map((batch) => batch.map((line) => line.toUpperCase())))
    await pool.close()
  })

  it('closes while threads are still coming up [cli.check]', async () => {
    for (let i = 0; i < 5; i++) {
      const pool = open('crashing-worker.ts')
      const judged = Promise.all([pool.judge(['a']), pool.judge(['b'])])
      expect((await judged).flatMap(texts)).toEqual(['A', 'B'])
      await pool.close()
    }
  })

  it.each(['crash', 'throw'])('loses only the line over which a thread dies: %s [cli.check]', async (bad) => {
    const pool = open('crashing-worker.ts')
    const [first, second] = await Promise.all([pool.judge(['a', bad, 'b', bad]), pool.judge(['c'])])
    expect(texts(first)).toEqual(['A', `lost ${bad}`, 'B', `lost ${bad}`])
    expect(texts(second)).toEqual(['C'])
    expect(texts(await pool.judge(['d']))).toEqual(['D'])
    await pool.close()
  })

  it('ends a thread that hangs [cli.check]', async () => {
    const pool = open('crashing-worker.ts', 1_500)
    expect(texts(await pool.judge(['hang']))).toEqual(['lost hang'])
    await pool.close()
  })

  it('says so when no thread comes up [cli.check]', async () => {
    const pool = open('stillborn-worker.ts')
    await expect(pool.judge(['a'])).rejects.toMatchObject({ code: 'INTERNAL' })
    await expect(pool.judge(['a'])).rejects.toMatchObject({ code: 'INTERNAL' })
    await pool.close()
    await expect(pool.judge(['a'])).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
  })
})
