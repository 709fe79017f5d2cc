import type { QueryPlan } from '@plumbline/tools/plan'

export interface PlanContext {
  /** The plan of the turn before, for follow-up questions. */
  previous?: QueryPlan
  /** Choices already made: key of a clarification → id of the choice. */
  resolutions?: Record<string, string>
  now: Date
  /** First and last day of the data, ISO, both inclusive, in the calendar of its zone. */
  dataRange?: { from?: string; to?: string }
}

export interface Choice {
  id: string
  label: string
  description?: string
}

export type PlanResult =
  | { kind: 'plan'; plan: QueryPlan; confidence: number; assumptions: string[] }
  /** `key` goes back in `resolutions` with the id of the choice. */
  | { kind: 'clarify'; key: string; prompt: string; choices: Choice[] }
  /** Not a question this data can answer. With `unknownWords` it is words that fail, and a model may know them. */
  | { kind: 'refuse'; reason: string; suggestions: string[]; unknownWords?: string[] }
  /** Perhaps answerable, but not by this planner with certainty. */
  | { kind: 'unsure'; reason: string; confidence: number; suggestions: string[]; unknownWords: string[] }
