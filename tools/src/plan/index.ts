export { type CompiledPlan, compilePlan } from './compile.ts'
export { joinPath, rivalJoins } from './join-path.ts'
export { singular } from './labels.ts'
export {
  type CompareOperator,
  Condition,
  FieldRef,
  type Having,
  type LeafCondition,
  type PlanAggregate,
  PlanDimension,
  PlanMeasure,
  QueryPlan,
  type TimePart,
} from './query-plan.ts'
