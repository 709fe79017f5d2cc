import type { GraphNode } from '@langchain/langgraph'
import { runOf } from '../../supervisor/ask-run.ts'
import type { ThreadState } from '../../supervisor/thread-state.ts'
import { knowledgeOf } from '../knowledge-of.ts'
import { linkValues } from '../link-values.ts'

/** Finds which words of the question are values in the data, and says so before anything is planned. */
export const link: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const run = runOf(runtime)
  return run.step(
    'link',
    { running: 'Matching words to the data', done: 'Matched words to the data' },
    async (step) => {
      const { values } = knowledgeOf(run, state)
      const matches = linkValues(state.question, values)
      step.detail =
        matches.length === 0
          ? 'no word is a value in the data'
          : matches.map((m) => `“${m.asked}” → ${m.value}`).join(', ')
      return {}
    },
  )
}
