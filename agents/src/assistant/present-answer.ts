import { chooseChart } from '@plumbline/tools/charts'
import type { Column, QueryResult } from '@plumbline/tools/contract'
import { AppError, toAppError } from '@plumbline/tools/errors'
import type { SourceKnowledge } from '../sources/source-knowledge.ts'
import type { SourceShelf } from '../sources/source-shelf.ts'
import { describeResult } from '../sql/words/describe-result.ts'
import type { KeptAnswer } from '../state/index.ts'
import type { PresentedAnswer, Viewer } from './assistant.ts'
import { refusedAnswer } from './make-answer.ts'

/** Rows of a recomputed answer at most; the source's own limit may be lower. */
const MAX_ROWS = 10_000

/** See `Assistant.present`: the rules hold when an answer is read, not only when it was made. */
export async function presentAnswer(shelf: SourceShelf, kept: KeptAnswer, viewer: Viewer): Promise<PresentedAnswer> {
  const { access, ...answer } = kept
  const own = await shelf.fingerprint(viewer.principal)
  // Answers from before there were rules were made for the owner, who sees everything.
  const same = access === own || (access === null && viewer.principal.roles.includes('owner'))
  if (same) return { answer, recomputed: false }
  const { receipt, sql } = answer
  if (answer.status !== 'answered' || receipt === null || sql === null) {
    return { answer: withheld(answer), recomputed: true }
  }
  const sources = await shelf.for({ ...viewer, question: answer.question, answerId: answer.id })
  const knowledge = sources.get(receipt.source.name)
  if (!knowledge) return { answer: withheld(answer), recomputed: true }
  try {
    const result = await knowledge.client.runQuery({ sql, maxRows: MAX_ROWS })
    return { answer: computed(answer, knowledge, result), recomputed: true }
  } catch (error) {
    if (toAppError(error).info.blame !== 'user') throw error
    return { answer: withheld(answer), recomputed: true }
  }
}

type Shown = PresentedAnswer['answer']

/** The answer with the rows of this person; what was said of the other rows is said anew. */
function computed(answer: Shown, knowledge: SourceKnowledge, result: QueryResult): Shown {
  const { receipt } = answer
  if (!receipt) throw new AppError('INTERNAL', 'An answer without a receipt has no rows to compute.')
  const columns = result.columns.map(
    ({ name, type }): Column => answer.columns.find((column) => column.name === name) ?? { name, label: name, type },
  )
  const { rows, truncated, rowCount, tables, policies, freshness, ms } = result
  const { reading } = receipt.origin
  return {
    ...answer,
    text: describeResult({ reading, columns, rows, truncated }),
    columns,
    rows,
    chart: chooseChart({ title: answer.chart?.title ?? reading, columns, rows }),
    suggestions: [],
    receipt: {
      ...receipt,
      source: { ...receipt.source, title: knowledge.source.title },
      tables,
      policies,
      rowCount,
      truncated,
      freshness,
      steps: [{ name: 'run', title: 'Ran it again under your rules', ms, outcome: 'done' }],
      cost: { usd: 0, inputTokens: 0, outputTokens: 0 },
      totalMs: ms,
    },
  }
}

const WITHHELD =
  'The rules for this data have changed, and this answer can not be shown to you. Ask the question again.'

function withheld({ id, threadId, question, createdAt, vote }: Shown): Shown {
  const head = { id, threadId, question, createdAt }
  return { ...refusedAnswer(head, WITHHELD, [], { code: 'FORBIDDEN', message: WITHHELD }), vote }
}
