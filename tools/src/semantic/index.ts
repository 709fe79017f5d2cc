export { type BareTable, inferSemanticModel } from './infer.ts'
export {
  type Ambiguity,
  type Dimension,
  type DimensionAggregate,
  type DimensionKind,
  type Entity,
  type Join,
  type JoinCardinality,
  type Measure,
  type MeasureAggregate,
  type Segment,
  SemanticModel,
} from './model.ts'
export { loadSemanticModel, parseSemanticModel } from './parse.ts'
export { splitName } from './split-name.ts'
