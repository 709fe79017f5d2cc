/**
 * Run by tests in a process of its own: `node record-audit.ts <database url> [count]`. Records entries, eight at a time, and prints the
 * number of each once the log has acknowledged it, until `count` are there or it is killed.
 */
import { writeSync } from 'node:fs'
import { openState } from '../index.ts'

const [databaseUrl = '', count = 'Infinity'] = process.argv.slice(2)
const state = await openState({ dataDir: '/nowhere', databaseUrl })
let left = Number(count)
const work = async () => {
  while (left-- > 0) {
    const { seq } = await state.audit.record({
      principal: { id: `process-${process.pid}`, name: 'Writer', roles: [] },
      surface: 'rest',
      action: 'query',
      outcome: 'ok',
      question: 'x'.repeat(500),
    })
    writeSync(1, `${seq}\n`)
  }
}
await Promise.all(Array.from({ length: 8 }, work))
await state.close()
