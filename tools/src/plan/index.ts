export { type CompiledPlan, compilePlan } from './compile.ts'
export { joinPath, rivalJoins } from './join-path.ts'
export { dimensionLabel, fieldLabel, measureLabel, singular } from './labels.ts'
export {
  type CompareOperator,
  Condition,
  FieldRef,
  type Having,
  type LeafCondition,
  type PlanAggregate,
  PlanDimension,
  PlanMeasure,
  type PlanSort,
  QueryPlan,
  type TimePart,
} from './query-plan.ts'
