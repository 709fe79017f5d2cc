import type { Assistant } from '@plumbline/agents'
import type { Principal } from '@plumbline/tools/contract'
import { type CaseResult, type RunGold, runCase } from './run-case.ts'
import type { Suite } from './suite.ts'

/** Asks every case of a suite in order, a follow-up in the thread of the case before it. */
export async function runSuite(
  assistant: Assistant,
  principal: Principal,
  gold: RunGold,
  suite: Suite,
  onResult: (result: CaseResult, index: number) => void = () => {},
): Promise<CaseResult[]> {
  const results: CaseResult[] = []
  const threads = new Map<string, string>()
  for (const [index, testCase] of suite.cases.entries()) {
    const thread = testCase.after === undefined ? undefined : threads.get(testCase.after)
    const result = await runCase(assistant, principal, gold, testCase, thread)
    threads.set(testCase.id, result.threadId)
    results.push(result)
    onResult(result, index)
  }
  return results
}
