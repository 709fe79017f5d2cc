import type { Answer } from '@plumbline/tools/contract'

/** 0 only when the question was answered, so that a script can rely on it. */
export const EXIT: Record<Answer['status'], number> = {
  answered: 0,
  failed: 1,
  clarify: 2,
  refused: 3,
  approval: 4,
}
