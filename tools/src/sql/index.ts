export type {
  GateApplied,
  GateColumn,
  GateMask,
  GateOptions,
  GateTable,
  GateUsedTable,
  SqlDialect,
} from '@plumbline/native'
export { createStatementCheck, type StatementVerdict } from './check-statement.ts'
export { createGate, type Gate, type GovernedQuery } from './create-gate.ts'
export { formatSql } from './format-sql.ts'
export { type KnownTable, lineageOf, toQueryLineage } from './lineage-of.ts'
export { nearestName } from './nearest-name.ts'
export { type ProveOptions, proveReadOnly } from './prove-read-only.ts'
export { quoteIdentifier, quoteLiteral } from './quote.ts'
export type { ReadOnlyQuery } from './read-only-query.ts'
export { assertParsersAgree, disagreement, type Opinion, secondOpinion } from './second-opinion/index.ts'
