import { StringDecoder } from 'node:string_decoder'

/** Lines longer than this are no statements: the guard reads 100,000 characters. */
const MAX_LINE = 1 << 20
const MAX_BATCH = 64

/**
 * The lines of a stream, blank ones left out, in batches. What has arrived is handed on at once: whoever types line by line is
 * answered line by line. A line that is too long comes cut, so that no input fills the memory.
 */
export async function* lineBatches(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8')
  let open = ''
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk))
    const lines = text.split('\n')
    lines[0] = join(open, lines[0] ?? '')
    open = lines.pop() ?? ''
    yield* batchesOf(lines)
  }
  yield* batchesOf([join(open, decoder.end())])
}

const join = (open: string, more: string) => (open.length >= MAX_LINE ? open : (open + more).slice(0, MAX_LINE))

function* batchesOf(lines: readonly string[]): Generator<string[]> {
  const full = lines.filter((line) => line.trim() !== '')
  for (let at = 0; at < full.length; at += MAX_BATCH) yield full.slice(at, at + MAX_BATCH)
}
