import type { Answer, Receipt } from '@plumbline/tools/contract'
import { formatDuration } from '../../format/duration.ts'
import type { Turn } from '../../stores/turn.ts'

const ENDS: Record<Answer['status'], string> = {
  answered: 'Answered in',
  clarify: 'Asked back after',
  approval: 'Over the budget, seen after',
  refused: 'Not answered, after',
  failed: 'Failed after',
}
const WAYS: Record<Receipt['origin']['kind'], string> = {
  plan: 'plan',
  'verified-query': 'verified query',
  model: 'model',
  person: 'your SQL',
}

/** The steps of a turn that ended, in one line: "Answered in 84 ms · plan · 5 steps". */
export function stepSummary(turn: Turn, answer: Answer): string {
  const { receipt } = answer
  const steps = turn.steps.length > 0 ? turn.steps : (receipt?.steps ?? [])
  const ms = receipt?.totalMs ?? steps.reduce((sum, step) => sum + (step.ms ?? 0), 0)
  const end = answer.error?.code === 'QUERY_CANCELLED' ? 'Stopped after' : ENDS[answer.status]
  return [
    `${end} ${formatDuration(ms)}`,
    ...(receipt ? [WAYS[receipt.origin.kind]] : []),
    `${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`,
  ].join(' · ')
}
