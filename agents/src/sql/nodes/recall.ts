import type { GraphNode } from '@langchain/langgraph'
import { runOf } from '../../supervisor/ask-run.ts'
import type { Draft, ThreadState } from '../../supervisor/thread-state.ts'
import { knowledgeOf } from '../knowledge-of.ts'
import { normaliseQuestion } from '../normalise-question.ts'
import { readSqlQuestion } from '../read-sql-question.ts'

/** Looks for an answer that needs no planning: a verified query with these words, or SQL that the person wrote. */
export const recall: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const run = runOf(runtime)
  const title = { running: 'Looking for a verified query', done: 'Looked for a verified query' }
  return run.step('recall', title, async (step) => {
    const knowledge = knowledgeOf(run, state)
    const typed = readSqlQuestion(state.question, knowledge.dialect)
    if (typed?.kind === 'refuse') {
      step.detail = 'the question is SQL that is not a read'
      // The gate of the source refuses it as well, and records who tried.
      await knowledge.client.explainQuery({ sql: state.question }, { signal: run.signal }).catch(() => {})
      return { outcome: { status: 'refused', text: typed.reason, suggestions: [], error: typed.error } }
    }
    if (typed) {
      step.detail = 'the question is SQL: it runs through the same gate'
      const draft: Draft = {
        kind: 'sql',
        sql: typed.sql,
        reading: 'the SQL you wrote',
        assumptions: [],
        origin: 'person',
      }
      return { draft }
    }
    const asked = normaliseQuestion(state.question)
    const verified = knowledge.model.verifiedQueries.find((query) => normaliseQuestion(query.question) === asked)
    if (!verified) {
      step.detail = 'none with these words'
      return {}
    }
    step.detail = 'found one'
    const draft: Draft = {
      kind: 'sql',
      sql: verified.sql,
      reading: verified.question.replace(/[?.\s]+$/, ''),
      assumptions: [],
      origin: 'verified-query',
    }
    return { draft }
  })
}
