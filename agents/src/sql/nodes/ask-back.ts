import { type GraphNode, interrupt } from '@langchain/langgraph'
import type { Clarification } from '@plumbline/tools/contract'
import type { ThreadState } from '../../supervisor/thread-state.ts'

/** Suspends the thread with a model's question; the choice becomes part of the question that is drafted again. */
export const askBack: GraphNode<typeof ThreadState> = async (state) => {
  const { clarification } = state
  if (!clarification) throw new Error('ask_back comes after a clarification')
  const chosen = interrupt<Clarification, string>(clarification)
  const label = clarification.choices.find((choice) => choice.id === chosen)?.label ?? chosen
  return { question: `${state.question} (${clarification.prompt} ${label})`, clarification: null }
}
