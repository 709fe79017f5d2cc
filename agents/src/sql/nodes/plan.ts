import { type GraphNode, interrupt } from '@langchain/langgraph'
import type { Clarification } from '@plumbline/tools/contract'
import { type PlanResult, planQuestion } from '../../planner/index.ts'
import { type AskRun, runOf, type StepReport } from '../../supervisor/ask-run.ts'
import type { ThreadState, ThreadStateValue } from '../../supervisor/thread-state.ts'
import { draftByModel } from '../draft-by-model.ts'
import { knowledgeOf } from '../knowledge-of.ts'

/** More questions back than this is an interrogation: the planner then says that it is not sure. */
const MAX_CLARIFICATIONS = 3

/**
 * The planner first: it costs nothing and knows when it does not know. What it is not sure of goes to the model, if there
 * is one. A clarification suspends the graph here (`interrupt`); the node runs again with each choice, in order.
 */
export const plan: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const run = runOf(runtime)
  return run.step('plan', { running: 'Planning the query', done: 'Planned the query' }, async (step) => {
    // The model has asked back: its question is its own to go on with.
    if (state.byModel && run.model) return draftByModel(run, state, step)
    const resolutions: Record<string, string> = {}
    for (let asked = 0; ; asked++) {
      const result = planOnce(run, state, resolutions)
      if (result.kind === 'clarify' && asked < MAX_CLARIFICATIONS) {
        step.detail = 'asked back'
        const request: Clarification = { prompt: result.prompt, choices: result.choices }
        resolutions[result.key] = interrupt<Clarification, string>(request)
        continue
      }
      return settle(run, state, result, step)
    }
  })
}

function planOnce(run: AskRun, state: ThreadStateValue, resolutions: Record<string, string>): PlanResult {
  const { model, values, source } = knowledgeOf(run, state)
  const previous = state.turns.at(-1)?.plan
  return planQuestion(state.question, model, values, {
    resolutions,
    now: new Date(),
    ...(previous ? { previous } : {}),
    dataRange: { ...(source.from ? { from: source.from } : {}), ...(source.to ? { to: source.to } : {}) },
  })
}

async function settle(run: AskRun, state: ThreadStateValue, result: PlanResult, step: StepReport) {
  if (result.kind === 'plan') {
    step.detail = `confidence ${result.confidence.toFixed(2)}`
    const { plan, confidence, assumptions } = result
    return { draft: { kind: 'plan' as const, plan, confidence, assumptions }, byModel: false }
  }
  const wordsFail = result.kind === 'unsure' || (result.kind === 'refuse' && result.unknownWords !== undefined)
  if (wordsFail && run.model) return draftByModel(run, state, step)
  step.detail = 'not sure enough to answer'
  const text =
    result.kind === 'clarify' ? 'I am still not sure what you mean. Please ask in other words.' : result.reason
  const suggestions = result.kind === 'clarify' ? [] : result.suggestions
  return { outcome: { status: 'refused' as const, text, suggestions } }
}
