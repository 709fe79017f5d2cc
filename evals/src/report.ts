import type { CaseResult } from './run-case.ts'

export interface Report {
  readonly suite: string
  readonly model: string
  readonly commit: string
  readonly date: string
  readonly machine: string
  readonly total: number
  readonly answered: number
  readonly correct: number
  readonly harness_errors: number
  /** Right of all answerable questions; unanswered counts as wrong. */
  readonly accuracy: number
  /** Right of those it answered. */
  readonly precision: number
  readonly coverage: number
  readonly refused_right: number
  readonly refused_total: number
  readonly clarify_right: number
  readonly clarify_total: number
  readonly p50_ms: number
  readonly p95_ms: number
  readonly tokens: number
  readonly cost_usd: number
  readonly by_tag: Record<string, { total: number; correct: number }>
  readonly misses: string[]
}

/** The q-quantile by the nearest-rank method; 0 of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000)

export function makeReport(
  head: Pick<Report, 'suite' | 'model' | 'commit' | 'date' | 'machine'>,
  results: readonly CaseResult[],
): Report {
  const judged = results.filter((r) => r.right !== null)
  const answerable = judged.filter((r) => r.expect === 'answered')
  const unanswerable = judged.filter((r) => r.expect === 'refused')
  const answered = answerable.filter((r) => r.status === 'answered')
  const clarifying = answerable.filter((r) => r.tags.includes('clarify'))
  const right = (list: readonly CaseResult[]) => list.filter((r) => r.right).length
  const ms = judged.map((r) => r.ms)
  const tags = [...new Set(judged.flatMap((r) => r.tags))].sort()
  return {
    ...head,
    total: results.length,
    answered: answered.length,
    correct: right(judged),
    harness_errors: results.length - judged.length,
    accuracy: ratio(right(answerable), answerable.length),
    precision: ratio(right(answered), answered.length),
    coverage: ratio(answered.length, answerable.length),
    refused_right: right(unanswerable),
    refused_total: unanswerable.length,
    clarify_right: clarifying.filter((r) => r.clarified).length,
    clarify_total: clarifying.length,
    p50_ms: Math.round(quantile(ms, 0.5) * 10) / 10,
    p95_ms: Math.round(quantile(ms, 0.95) * 10) / 10,
    tokens: results.reduce((sum, r) => sum + r.tokens, 0),
    cost_usd: results.reduce((sum, r) => sum + r.costUsd, 0),
    by_tag: Object.fromEntries(
      tags.map((tag) => {
        const of = judged.filter((r) => r.tags.includes(tag))
        return [tag, { total: of.length, correct: right(of) }]
      }),
    ),
    misses: judged.filter((r) => !r.right).map((r) => r.id),
  }
}
