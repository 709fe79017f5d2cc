import { parentPort, workerData } from 'node:worker_threads'
import { terminalStyle } from '../render/style.ts'
import { createJudge } from './create-judge.ts'
import { renderResult } from './render-result.ts'
import type { CheckRules } from './rules.ts'
import type { Judged } from './worker-pool.ts'

// A thread of plumbline check: gets string[], answers Judged[] in the same order.
const { rules, pretty } = workerData as { rules: CheckRules; pretty: boolean }
const judge = createJudge(rules)
const style = terminalStyle()

async function judged(line: string): Promise<Judged> {
  const result = await judge(line)
  return { allowed: result.allowed, text: pretty ? renderResult(result, style) : JSON.stringify(result) }
}

parentPort?.on('message', async (lines: readonly string[]) => {
  parentPort?.postMessage(await Promise.all(lines.map(judged)))
})
parentPort?.postMessage('ready')
