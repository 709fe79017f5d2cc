import type { GraphNode } from '@langchain/langgraph'
import { runOf } from '../supervisor/ask-run.ts'
import type { ThreadState } from '../supervisor/thread-state.ts'

/** Forecasts and trained models. There is none to ask yet, so it says what the data can answer instead. */
export const mlAgent: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const source = runOf(runtime).sources.get(state.source ?? '')
  const [from, to] = [source?.source.from?.slice(0, 10), source?.source.to?.slice(0, 10)]
  const period = from && to ? ` The data covers ${from} to ${to}.` : ''
  return {
    outcome: {
      status: 'refused',
      text: `I can not predict: I only answer from what was recorded.${period} I can show the past, by month for example.`,
      suggestions: source?.model.suggestions.slice(0, 3) ?? [],
    },
  }
}
