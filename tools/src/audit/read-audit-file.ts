import { createReadStream } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { canonicalJson } from './canonical-json.ts'

/** What stands for a line that is no entry: a fault for `verifyChain`. */
const UNREADABLE = null

/**
 * The entries of a log in JSON lines, in order, for `verifyChain`. A line that is not the canonical JSON of its own content (white
 * space, a field that stands twice) is as unreadable as one that is no JSON: there is one text of every entry.
 */
export async function* readAuditFile(file: string): AsyncIterable<unknown> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of createReadStream(file)) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield parseAuditLine(line)
  }
  rest += decoder.end()
  if (rest !== '') yield parseAuditLine(rest)
}

export function parseAuditLine(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line)
    return canonicalJson(value) === line ? value : UNREADABLE
  } catch {
    return UNREADABLE
  }
}
