import type { GraphNode } from '@langchain/langgraph'
import { runOf } from '../../supervisor/ask-run.ts'
import type { ThreadState } from '../../supervisor/thread-state.ts'
import { failureOf } from '../failure-of.ts'
import { knowledgeOf } from '../knowledge-of.ts'
import { sqlOf } from '../sql-of.ts'

/** Has the gate prove the query and the database explain it, before anything runs. */
export const check: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const run = runOf(runtime)
  return run.step('check', { running: 'Checking it', done: 'Checked it' }, async (step) => {
    const sql = sqlOf(state)
    try {
      await knowledgeOf(run, state).client.explainQuery({ sql }, { signal: run.signal })
      step.detail = 'one statement, read-only, known tables and columns'
      return { failure: null }
    } catch (error) {
      const failure = failureOf(error, sql)
      step.failed = true
      step.detail = failure.message
      return { failure }
    }
  })
}
