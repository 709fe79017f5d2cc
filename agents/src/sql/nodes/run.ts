import type { GraphNode } from '@langchain/langgraph'
import { toAppError } from '@plumbline/tools/errors'
import { runOf } from '../../supervisor/ask-run.ts'
import type { ThreadState } from '../../supervisor/thread-state.ts'
import { failureOf } from '../failure-of.ts'
import { knowledgeOf } from '../knowledge-of.ts'
import { overBudget } from '../over-budget.ts'
import { sqlOf } from '../sql-of.ts'

/** Runs the checked query; the rows stay in the run, not in the checkpoint. */
export const run: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const ask = runOf(runtime)
  const knowledge = knowledgeOf(ask, state)
  const title = { running: `Running it on ${knowledge.source.title}`, done: `Ran it on ${knowledge.source.title}` }
  return ask.step('run', title, async (step) => {
    const sql = sqlOf(state)
    try {
      const { maxRows, timeoutMs, signal } = ask
      ask.result = await knowledge.client.runQuery({ sql, maxRows, timeoutMs }, { signal })
      ask.countQuery(ask.result.estimate)
      const rows = ask.result.rowCount === 1 ? '1 row' : `${ask.result.rowCount.toLocaleString('en-US')} rows`
      step.detail = ask.result.truncated ? `${rows}, cut at the limit` : rows
      return { failure: null }
    } catch (error) {
      const over = overBudget(error, knowledge.name, sql)
      if (over) {
        step.detail = 'pause' in over ? over.pause.message : toAppError(error).message
        return over
      }
      const failure = failureOf(error, sql)
      step.failed = true
      step.detail = failure.message
      return { failure }
    }
  })
}
