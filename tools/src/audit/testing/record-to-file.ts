/**
 * Run by tests in a process of its own: `node record-to-file.ts <file> [count]`. Records one entry after another, four at a time, and
 * prints the number of each once the log has acknowledged it, until `count` are there or it is killed.
 */
import { writeSync } from 'node:fs'
import { openAuditFile } from '../audit-file.ts'
import { aQuery } from './entries.ts'

const [path = '', count = 'Infinity'] = process.argv.slice(2)
const log = await openAuditFile(path)
let left = Number(count)
const work = async () => {
  while (left-- > 0) {
    const { seq } = await log.record(aQuery({ requestId: `process-${process.pid}`, question: 'x'.repeat(500) }))
    writeSync(1, `${seq}\n`)
  }
}
await Promise.all([work(), work(), work(), work()])
await log.close()
