import type { CatalogSource } from '@plumbline/tools/contract'
import type { QueryPlan } from '@plumbline/tools/plan'
import type { SemanticModel } from '@plumbline/tools/semantic'
import type { Budget, ChatModel, ModelReply, ModelUsage } from '../../models/index.ts'
import { DraftOutput } from './draft-schema.ts'
import { fence } from './fence.ts'
import { loadPrompt } from './load-prompt.ts'
import { toQueryPlan } from './plan-sketch.ts'
import { mentionedValues } from './schema/mentioned-values.ts'
import { schemaContext } from './schema/schema-context.ts'

export interface DraftInput {
  readonly question: string
  /** Earlier turns of the thread, oldest first. */
  readonly history: readonly { readonly question: string; readonly reading: string; readonly sql: string }[]
  readonly model: ChatModel
  readonly semanticModel: SemanticModel
  readonly source: CatalogSource
  readonly dialect: string
  /** What was tried and what the database said to it. */
  readonly failure?: { readonly sql: string; readonly message: string }
  readonly budget: Budget
  readonly signal: AbortSignal
}

export type Drafted =
  | { readonly kind: 'plan'; readonly plan: QueryPlan }
  | { readonly kind: 'sql'; readonly sql: string; readonly reading: string; readonly assumptions: string[] }
  | { readonly kind: 'clarify'; readonly prompt: string; readonly choices: { id: string; label: string }[] }
  | { readonly kind: 'refuse'; readonly reason: string }

export interface ModelBill {
  readonly usage: ModelUsage
  readonly costUsd: number
  /** Name and version of the prompt: `draft@1`. */
  readonly promptId: string
}

const prompt = loadPrompt('draft')
/** Thinking counts too. */
const MAX_TOKENS = 8000
const MAX_TURNS = 4

/**
 * Has a model say what a question means: a plan, SQL, a question back or a refusal. Nothing it writes is trusted: a plan is
 * compiled against the semantic model, and SQL passes the same guard as everything else.
 * @throws AppError BUDGET_EXCEEDED, QUERY_CANCELLED and the MODEL_* codes.
 */
export async function draftWithModel(input: DraftInput): Promise<Drafted & ModelBill> {
  const schema = schemaContext(input.semanticModel, input.source, subject(input))
  const reply = await input.model.complete(
    {
      system: [
        { text: prompt.text, cache: !schema.whole },
        // A schema that is shown whole is the same for every question, and so is everything before it.
        { text: `# Schema\n${fence('schema', schema.text)}`, cache: schema.whole },
      ],
      messages: [{ role: 'user', text: userMessage(input) }],
      output: { name: 'draft', schema: DraftOutput },
      maxTokens: MAX_TOKENS,
    },
    { budget: input.budget, signal: input.signal },
  )
  return { ...read(reply), usage: reply.usage, costUsd: reply.costUsd, promptId: prompt.id }
}

/** The words that choose the part of the schema to show: a follow-up leans on the question before it. */
function subject({ question, history, failure }: DraftInput): string {
  const last = history.at(-1)
  return [question, last?.question, last?.reading, failure?.sql].filter(Boolean).join(' ')
}

function userMessage({ question, history, dialect, failure, semanticModel, model }: DraftInput): string {
  const hide = (text: string) => model.hide?.(text) ?? text
  const values = mentionedValues(semanticModel, question)
  const turns = history
    .slice(-MAX_TURNS)
    .map((turn) => `Question: ${turn.question}\nRead as: ${turn.reading}\nSQL: ${hide(turn.sql).slice(0, 1500)}`)
  return [
    ...(turns.length > 0 ? [`Earlier in this thread:\n${fence('history', turns.join('\n\n'))}`] : []),
    `The question:\n${fence('question', question)}`,
    ...(values.length > 0 ? [`Values that it may mean:\n${fence('values', values.join('\n'))}`] : []),
    ...(failure
      ? [
          `This was tried:\n${fence('query', hide(failure.sql).slice(0, 4000))}`,
          `The database said:\n${fence('message', hide(failure.message).slice(0, 2000))}`,
          'Mend it, so that it answers the question.',
        ]
      : []),
    `SQL dialect: ${dialect}.`,
  ].join('\n\n')
}

function read(reply: ModelReply): Drafted {
  if (reply.stopReason === 'refused') {
    return { kind: 'refuse', reason: 'The language model declined this question. Ask it in other words.' }
  }
  // `complete` has validated it against this very schema.
  const { answer } = reply.output as DraftOutput
  return answer.kind === 'plan' ? { kind: 'plan', plan: toQueryPlan(answer.plan) } : answer
}
