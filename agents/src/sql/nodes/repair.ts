import type { GraphNode } from '@langchain/langgraph'
import type { Code } from '@plumbline/tools/errors'
import { runOf } from '../../supervisor/ask-run.ts'
import type { Failure, ThreadState } from '../../supervisor/thread-state.ts'
import { draftByModel } from '../draft-by-model.ts'
import { chargeFailure, failureKind } from '../failure-budget.ts'

/**
 * After a failure: tries again when the source was unreachable, has the model mend its own SQL with the database's
 * message, and otherwise gives up with that message. The planner's SQL is not mended: its plan is fixed by the question.
 */
export const repair: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const run = runOf(runtime)
  return run.step('repair', { running: 'Mending the query', done: 'Mended the query' }, async (step) => {
    const { failure } = state
    if (!failure) throw new Error('repair comes after a failure')
    const { counts, spent } = chargeFailure(state.failures, failure)
    const kind = failureKind(failure)
    if (!spent && kind === 'vendor') {
      step.detail = 'trying again'
      return { failures: counts, failure: null }
    }
    if (!spent && run.model && state.byModel) {
      return { failures: counts, ...(await draftByModel(run, state, step, failure)) }
    }
    step.failed = true
    step.detail = spent ? `gave up after ${counts[kind]} ${kind} failures` : 'there is nothing to mend it with'
    return { failures: counts, outcome: giveUp(failure) }
  })
}

function giveUp(failure: Failure) {
  return {
    status: 'failed' as const,
    error: { code: failure.code as Code, message: failure.message },
    sql: failure.sql,
  }
}
