import { type Cell, type Column, formatCell } from '@plumbline/tools/contract'
import { toAppError } from '@plumbline/tools/errors'
import type { Budget, ChatModel, ModelUsage } from '../../models/index.ts'
import type { ModelBill } from './draft-with-model.ts'
import { fence } from './fence.ts'
import { loadPrompt } from './load-prompt.ts'
import { findForeignNumber } from './verify-numbers.ts'

export interface ExplainInput {
  readonly question: string
  readonly reading: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** The text to give when the model's can not be used. */
  readonly fallback: string
  readonly model: ChatModel
  readonly budget: Budget
  readonly signal: AbortSignal
  /** Gets the text once it is verified, in one piece: a number must not be read before it is checked. */
  readonly onTextDelta?: (delta: string) => void
}

export interface Explained extends ModelBill {
  readonly text: string
  readonly byModel: boolean
  /** Why the fallback was taken. */
  readonly reason?: string
}

const prompt = loadPrompt('explain')
const MAX_ROWS = 40
const MAX_COLUMNS = 12
const MAX_CELL = 80
const MAX_TEXT = 1200
const MAX_TOKENS = 3000
const FREE: ModelUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }

/**
 * Has a model say a result in words, from a bounded sample of it. A text with a number that the sample does not hold, with
 * a link or with markup is thrown away for `fallback`, and so is the answer of a model that fails: the result stands
 * without it. What is verified is that each number occurs, not that it is said of the right row.
 * @throws AppError QUERY_CANCELLED only.
 */
export async function explainWithModel(input: ExplainInput): Promise<Explained> {
  const shown = {
    columns: input.columns.slice(0, MAX_COLUMNS),
    rows: input.rows.slice(0, MAX_ROWS).map((row) => row.slice(0, MAX_COLUMNS)),
  }
  const fallBack = (reason: string, usage = FREE, costUsd = 0): Explained => {
    input.onTextDelta?.(input.fallback)
    return { text: input.fallback, byModel: false, reason, usage, costUsd, promptId: prompt.id }
  }
  if (shown.rows.length === 0) return fallBack('there is nothing to say but that nothing was found')
  try {
    const reply = await input.model.complete(
      {
        system: [{ text: prompt.text, cache: true }],
        messages: [{ role: 'user', text: message(input, shown) }],
        maxTokens: MAX_TOKENS,
      },
      { budget: input.budget, signal: input.signal },
    )
    const text = reply.text.trim()
    const fault = reply.stopReason === 'end' ? faultOf(text, input, shown) : `the model stopped: ${reply.stopReason}`
    if (fault) return fallBack(fault, reply.usage, reply.costUsd)
    input.onTextDelta?.(text)
    return { text, byModel: true, usage: reply.usage, costUsd: reply.costUsd, promptId: prompt.id }
  } catch (error) {
    const known = toAppError(error)
    if (known.code === 'QUERY_CANCELLED') throw known
    return fallBack(known.message)
  }
}

function message(
  { question, reading, rows, model }: ExplainInput,
  shown: { columns: readonly Column[]; rows: readonly (readonly Cell[])[] },
): string {
  const hide = (text: string) => model.hide?.(text) ?? text
  const header = shown.columns.map((column) =>
    clip(hide(column.unit ? `${column.label} [${column.unit}]` : column.label)),
  )
  const lines = shown.rows.map((row) =>
    row.map((cell, i) => clip(hide(formatCell(cell, shown.columns[i] as Column)))).join(' | '),
  )
  const part = rows.length > shown.rows.length ? `The first ${shown.rows.length} of ${rows.length} rows` : 'All rows'
  return [
    `The question:\n${fence('question', question)}`,
    `What was computed:\n${fence('reading', reading)}`,
    `${part} of the result:\n${fence('result', [header.join(' | '), ...lines].join('\n'))}`,
  ].join('\n\n')
}

function faultOf(
  text: string,
  { question, reading }: ExplainInput,
  shown: { columns: readonly Column[]; rows: readonly (readonly Cell[])[] },
): string | undefined {
  if (text === '') return 'the model wrote nothing'
  if (text.length > MAX_TEXT) return 'the text is too long'
  // A picture or a link could carry data out of the page, and data values may have ordered one.
  if (/https?:|www\.|!\[|\]\(|\]:|<|`|^[^\S\n]*[#>|]/im.test(text)) return 'the text holds a link or markup'
  // "In July 2013" repeats a filter: it has to stand in the question and in what was computed.
  const foreign = findForeignNumber(text, shown, [question, reading])
  return foreign === undefined ? undefined : `the number ${foreign} is not in the result`
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > MAX_CELL ? `${line.slice(0, MAX_CELL - 1)}…` : line
}
