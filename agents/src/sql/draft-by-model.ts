import type { AskRun, StepReport } from '../supervisor/ask-run.ts'
import type { Draft, Failure, ThreadStateValue } from '../supervisor/thread-state.ts'
import { knowledgeOf } from './knowledge-of.ts'
import { draftWithModel } from './model/index.ts'
import { modelFor, withoutPrivateValues } from './private-access.ts'

/**
 * Lets the model write the plan, or SQL where a plan can not say it. The result goes through the same write, check and
 * run as the planner's. `failure` is what the database said to the last try.
 */
export async function draftByModel(run: AskRun, state: ThreadStateValue, step: StepReport, failure?: Failure) {
  const knowledge = knowledgeOf(run, state)
  const model = await modelFor(run, knowledge, state.question)
  if (!model) throw new Error('draftByModel needs a model: ask run.model first')
  const drafted = await draftWithModel({
    question: state.question,
    history: state.turns.map(({ question, reading, sql }) => ({ question, reading, sql })),
    model,
    semanticModel: withoutPrivateValues(knowledge.model, knowledge.privates.isPrivate),
    source: knowledge.source,
    dialect: knowledge.dialect,
    budget: run.budget,
    signal: run.signal,
    ...(failure ? { failure } : {}),
  })
  step.charge(drafted.usage, drafted.costUsd)
  step.detail = `${model.id} wrote it`
  if (drafted.kind === 'refuse') {
    step.detail = `${model.id} can not answer it`
    return { outcome: { status: 'refused' as const, text: drafted.reason, suggestions: [] } }
  }
  if (drafted.kind === 'clarify') {
    step.detail = `${model.id} asks back`
    const { prompt, choices } = drafted
    return { clarification: { prompt, choices: [...choices] }, byModel: true, failure: null }
  }
  const draft: Draft =
    drafted.kind === 'plan'
      ? { kind: 'plan', plan: drafted.plan, confidence: 0, assumptions: [] }
      : {
          kind: 'sql',
          sql: drafted.sql,
          reading: drafted.reading,
          assumptions: [...drafted.assumptions],
          origin: 'model',
        }
  return { draft, byModel: true, failure: null }
}
