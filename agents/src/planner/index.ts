export type { Choice, PlanContext, PlanResult } from './plan-context.ts'
export { planQuestion } from './plan-question.ts'
export { buildValueIndex, type ValueIndex, type ValueMatch } from './value-index.ts'
