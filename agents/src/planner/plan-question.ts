import { AppError } from '@plumbline/tools/errors'
import { compilePlan, type QueryPlan } from '@plumbline/tools/plan'
import type { SemanticModel } from '@plumbline/tools/semantic'
import { assemble } from './assemble.ts'
import type { Draft } from './draft.ts'
import { followUpPlan, isFollowUp } from './follow-up.ts'
import { tokenize } from './lexer.ts'
import { linkSpans } from './link.ts'
import type { PlanContext, PlanResult } from './plan-context.ts'
import { DraftReader } from './read-draft.ts'
import { contents, refusalByForm } from './refuse.ts'
import { Stop } from './stop.ts'
import { unusedMentions } from './unused-mentions.ts'
import type { ValueIndex } from './value-index.ts'
import { Workbench } from './workbench.ts'

/** Longer texts are no questions; reading them would cost time without a chance. */
const MAX_TOKENS = 120
const START = 0.97

function involved(plan: QueryPlan): number {
  const names = new Set<string>([plan.base])
  JSON.stringify(plan, (key, value: unknown) => {
    if (key === 'entity' && typeof value === 'string') names.add(value)
    return value
  })
  return names.size
}

function unknownWords(draft: Draft): string[] {
  return [...new Set(draft.unknown)].slice(0, 8)
}

function notUnderstood(draft: Draft, model: SemanticModel, hasPlan: boolean): PlanResult {
  const words = unknownWords(draft)
  if (words.length === 0) {
    const reason = `I find nothing in this that I could look up. The data has ${contents(model)}.`
    return { kind: 'refuse', reason, suggestions: model.suggestions.slice(0, 3) }
  }
  const quoted = words.map((word) => `“${word}”`).join(', ')
  const reason = `I do not know what ${quoted} ${words.length === 1 ? 'means' : 'mean'} here; the data has ${contents(model)}.`
  const suggestions = model.suggestions.slice(0, 3)
  // The question stands on the unknown word: nothing of it can be answered.
  if (!hasPlan || draft.headUnknown) return { kind: 'refuse', reason, suggestions, unknownWords: words }
  return {
    kind: 'unsure',
    reason,
    confidence: Math.max(0.1, 0.45 - 0.1 * words.length),
    suggestions,
    unknownWords: words,
  }
}

/** Whether anything of the model was named; if not, the text is no question to this data. */
function touches(draft: Draft): boolean {
  return (
    draft.measures.length +
      draft.groups.length +
      draft.asked.length +
      draft.plain.length +
      draft.values.length +
      draft.segments.length +
      draft.related.length >
      0 ||
    draft.superlative?.target !== undefined ||
    draft.superlative?.group !== undefined
  )
}

function read(question: string, model: SemanticModel, values: ValueIndex, context: PlanContext): PlanResult {
  const tokens = tokenize(question.slice(0, 4000))
  const refusal = refusalByForm(tokens, model)
  if (refusal !== undefined) return { kind: 'refuse', reason: refusal, suggestions: model.suggestions.slice(0, 3) }
  if (tokens.length > MAX_TOKENS) {
    return {
      kind: 'unsure',
      reason: 'The question is too long for me. Ask one thing at a time.',
      confidence: 0,
      suggestions: model.suggestions.slice(0, 3),
      unknownWords: [],
    }
  }
  const draft = new DraftReader(linkSpans(tokens, model, values, context), model).read()
  const bench = new Workbench(model, values, context, draft)
  const follows = context.previous !== undefined && isFollowUp(tokens, draft)
  const timed =
    draft.times.length > 0 ||
    draft.limit !== undefined ||
    draft.share ||
    draft.superlative !== undefined ||
    draft.notes.length > 0
  if (!touches(draft) && !(follows && timed)) return notUnderstood(draft, model, false)
  const headless =
    draft.measures.length === 0 &&
    draft.unknown.length > 0 &&
    (draft.counts || draft.notes.some((note) => note.startsWith('aggregate:')))
  if (headless && draft.plain.length === 0) return notUnderstood(draft, model, false)
  const plan =
    follows && context.previous ? followUpPlan(context.previous, draft, tokens, bench) : assemble(draft, bench)
  if (draft.verbs.length > 0 && involved(plan) < 2) draft.unknown.push(...draft.verbs)
  draft.unknown.push(...unusedMentions(plan, draft, bench))
  if (draft.either && draft.values.length + draft.times.length === 0) draft.unknown.push('or')
  if (unknownWords(draft).length > 0) return notUnderstood(draft, model, true)
  compilePlan(plan, model, 'duckdb')
  for (const note of draft.notes) if (!/^(aggregate|direction|typo):/.test(note)) bench.assumptions.add(note)
  for (const note of draft.notes)
    if (note.startsWith('typo:')) bench.assumptions.add(`“${note.slice(5)}” is taken for a typing error.`)
  const doubt = draft.doubt + 0.02 * bench.assumptions.size + (follows ? 0.03 : 0)
  return { kind: 'plan', plan, confidence: Math.max(0.5, START - doubt), assumptions: [...bench.assumptions] }
}

/**
 * Turns a question into a typed plan over a semantic model, without any language model. It asks back where a word has two
 * meanings, refuses what the data can not answer, and is unsure, naming the words, where it did not understand all of it:
 * no content word is ever dropped. Never throws.
 */
export function planQuestion(
  question: string,
  model: SemanticModel,
  values: ValueIndex,
  context: PlanContext,
): PlanResult {
  try {
    return read(question, model, values, context)
  } catch (error) {
    if (error instanceof Stop) return error.result
    const reason = error instanceof AppError ? error.message : 'I could not read this question. Ask it in other words.'
    return { kind: 'unsure', reason, confidence: 0, suggestions: model.suggestions.slice(0, 3), unknownWords: [] }
  }
}
