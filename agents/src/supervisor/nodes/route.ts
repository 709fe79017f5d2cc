import type { GraphNode } from '@langchain/langgraph'
import { AppError } from '@plumbline/tools/errors'
import { runOf } from '../ask-run.ts'
import type { ThreadState } from '../thread-state.ts'

/** Words that ask for the future or for a trained model. */
const ML = /\b(forecast|predict|prediction|projection|train (a|the) model|machine learning|will there be|will be)\b/i
/** Words that ask for a cause or for something out of the ordinary. */
const INSIGHT = /^\s*why\b|\b(root cause|what (caused|causes)|explain why|anomal(y|ies)|outliers?)\b/i

/** Chooses the agent by what is asked, and the source by the catalog when the person named none. */
export const route: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const run = runOf(runtime)
  const agent = ML.test(state.question) ? 'ml' : INSIGHT.test(state.question) ? 'insight' : 'sql'
  const source = state.source ?? run.sources.keys().next().value
  if (source === undefined || !run.sources.has(source)) {
    const known = [...run.sources.keys()].map((name) => `\`${name}\``).join(', ')
    throw new AppError('NOT_FOUND', `There is no source \`${source ?? ''}\`. Known: ${known || 'none'}.`)
  }
  // Earlier questions may name what the rules now hide.
  const turns = state.access === run.access ? state.turns : []
  return { agent, source, access: run.access, turns }
}
