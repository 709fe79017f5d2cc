/**
 * Run by the durability tests in a process of its own: `node save-answers.ts <data dir> [hold]`.
 * Saves one answer after another and prints the id of each once the state has acknowledged it, until it is killed. With
 * `hold` it only opens the state and prints `open`.
 */
import { once } from 'node:events'
import { openState } from '../index.ts'
import { anAnswer } from './an-answer.ts'

const [dataDir = '', mode] = process.argv.slice(2)

try {
  const state = await openState({ dataDir })
  if (mode === 'hold') {
    process.stdout.write('open\n')
    await once(process.stdin.resume(), 'end')
    await state.close()
  } else {
    const thread = { id: `thread-${process.pid}`, principalId: 'me' }
    await state.threads.create(thread)
    for (let n = 0; ; n++) {
      const id = `answer-${process.pid}-${n}`
      await state.answers.save(anAnswer({ id, threadId: thread.id, rows: [['x'.repeat(5000)]] }), 'me', 'seen')
      process.stdout.write(`${id}\n`)
    }
  }
} catch (error) {
  process.stdout.write(`${JSON.stringify(error)}\n`)
  process.exitCode = 1
}
