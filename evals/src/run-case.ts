import type { Assistant } from '@plumbline/agents'
import type { Answer, Cell, Principal } from '@plumbline/tools/contract'
import { toAppError } from '@plumbline/tools/errors'
import { sameResult } from './compare-results.ts'
import type { Case } from './suite.ts'

export interface CaseResult {
  readonly id: string
  readonly question: string
  readonly tags: string[]
  readonly expect: Case['expect']
  readonly status: Answer['status'] | 'harness-error'
  /** Null when the harness itself failed: that is no wrong answer. */
  readonly right: boolean | null
  /** It asked back and was given the case's choice. */
  readonly clarified: boolean
  readonly ms: number
  readonly text: string
  readonly sql: string | null
  readonly goldSql: string | null
  readonly rows: Cell[][]
  readonly goldRows: Cell[][]
  readonly confidence: number | null
  readonly tokens: number
  readonly costUsd: number
  readonly threadId: string
}

export type RunGold = (sql: string) => Promise<Cell[][]>

/** Shown in the report; the comparison sees every row. */
const REPORT_ROWS = 20

/** Asks one case and judges it: the result against the gold, or the refusal that was expected. */
export async function runCase(
  assistant: Assistant,
  principal: Principal,
  gold: RunGold,
  testCase: Case,
  threadId: string | undefined,
): Promise<CaseResult> {
  const startedAt = performance.now()
  let answer: Answer | null = null
  let clarified = false
  const base = { id: testCase.id, question: testCase.question, tags: testCase.tags, expect: testCase.expect }
  try {
    answer = await assistant.ask(
      { question: testCase.question, ...(threadId ? { threadId } : {}) },
      { principal, surface: 'cli' },
    )
    if (answer.status === 'clarify' && testCase.choice !== undefined) {
      clarified = answer.clarification?.choices.some(({ id }) => id === testCase.choice) ?? false
      if (clarified) {
        answer = await assistant.ask(
          { question: '', threadId: answer.threadId, choice: testCase.choice },
          { principal, surface: 'cli' },
        )
      }
    }
    const ms = performance.now() - startedAt
    const golds = await Promise.all([testCase.gold_sql ?? [], testCase.gold_sql_alternatives].flat().map(gold))
    const goldRows = golds[0] ?? []
    return {
      ...base,
      ...observe(answer, goldRows, testCase),
      clarified,
      ms,
      right: judge(answer, golds, testCase, clarified),
    }
  } catch (error) {
    const { message } = toAppError(error)
    const seen = observe(answer, [], testCase)
    return {
      ...base,
      ...seen,
      status: 'harness-error',
      right: null,
      clarified,
      ms: performance.now() - startedAt,
      text: message,
    }
  }
}

function judge(answer: Answer, golds: readonly Cell[][][], testCase: Case, clarified: boolean): boolean {
  // Only an invented answer is wrong here: asking back about what the data has is honest as well.
  if (testCase.expect === 'refused') return answer.status !== 'answered'
  if (testCase.choice !== undefined && !clarified) return false
  return answer.status === 'answered' && golds.some((rows) => sameResult(rows, answer.rows, testCase.ordered))
}

function observe(answer: Answer | null, goldRows: Cell[][], testCase: Case) {
  const cost = answer?.receipt?.cost
  return {
    status: answer?.status ?? ('harness-error' as const),
    text: answer?.text ?? '',
    sql: answer?.sql ?? null,
    goldSql: testCase.gold_sql ?? null,
    rows: answer?.rows.slice(0, REPORT_ROWS) ?? [],
    goldRows: goldRows.slice(0, REPORT_ROWS),
    confidence: answer?.receipt?.origin.confidence ?? null,
    tokens: (cost?.inputTokens ?? 0) + (cost?.outputTokens ?? 0),
    costUsd: cost?.usd ?? 0,
    threadId: answer?.threadId ?? '',
  }
}
