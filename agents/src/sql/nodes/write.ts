import type { GraphNode } from '@langchain/langgraph'
import { toAppError } from '@plumbline/tools/errors'
import { compilePlan } from '@plumbline/tools/plan'
import { formatSql } from '@plumbline/tools/sql'
import { runOf } from '../../supervisor/ask-run.ts'
import type { Draft, ThreadState } from '../../supervisor/thread-state.ts'
import { knowledgeOf } from '../knowledge-of.ts'

/** Compiles the plan to SQL of the source's dialect. */
export const write: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const run = runOf(runtime)
  return run.step('write', { running: 'Writing the SQL', done: 'Wrote the SQL' }, async (step) => {
    const { draft } = state
    if (!draft) throw new Error('write comes after a draft')
    const { model, dialect } = knowledgeOf(run, state)
    try {
      const compiled = draft.kind === 'plan' ? compilePlan(draft.plan, model, dialect) : null
      const { sql } = compiled ?? (draft as Extract<Draft, { kind: 'sql' }>)
      run.compiled = compiled
      run.emit({ type: 'sql-proposed', sql: formatSql(sql, dialect) })
      return { query: sql, failure: null }
    } catch (error) {
      // A model's plan may name what does not exist; a planner's can not, so that is our own defect and fails loudly.
      const { code, message } = toAppError(error)
      if (!state.byModel) throw error
      step.failed = true
      step.detail = message
      return { query: null, failure: { sql: JSON.stringify(draft), code, message } }
    }
  })
}
