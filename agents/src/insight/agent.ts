import type { GraphNode } from '@langchain/langgraph'
import { runOf } from '../supervisor/ask-run.ts'
import type { ThreadState } from '../supervisor/thread-state.ts'

/** Causes and anomalies. It can not prove a cause yet, so it says so and offers the breakdowns that would be looked at. */
export const insightAgent: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const source = runOf(runtime).sources.get(state.source ?? '')
  return {
    outcome: {
      status: 'refused',
      text: 'I can not tell causes yet: I would have to guess. I can show how a number differs by group or over time, so that you can look for the cause yourself.',
      suggestions: source?.model.suggestions.slice(0, 3) ?? [],
    },
  }
}
