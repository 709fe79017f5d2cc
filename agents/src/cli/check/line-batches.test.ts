import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineBatches } from './line-batches.ts'

async function* stream(chunks: readonly Uint8Array[]) {
  yield* chunks
}

describe('lines of a stream', () => {
  it('are the same wherever the stream is cut [cli.check]', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 12 })),
        fc.array(fc.nat(200)),
        fc.boolean(),
        async (lines, cuts, ended) => {
          const clean = lines.map((line) => line.replaceAll('\n', ' '))
          const bytes = Buffer.from(clean.join('\n') + (ended ? '\n' : ''))
          const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
          const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end))
          const read = (await Array.fromAsync(lineBatches(stream(chunks)))).flat()
          expect(read).toEqual(clean.filter((line) => line.trim() !== ''))
        },
      ),
    )
  })

  it('come in batches, and a line without an end comes cut [cli.check]', async () => {
    const batches = await Array.fromAsync(lineBatches(stream([Buffer.from('a\n'.repeat(200))])))
    expect(batches.map((batch) => batch.length)).toEqual([64, 64, 64, 8])
    const endless = Array.from({ length: 40 }, () => Buffer.from('x'.repeat(100_000)))
    const [[line] = []] = await Array.fromAsync(lineBatches(stream(endless)))
    expect(line).toHaveLength(1 << 20)
  })
})
