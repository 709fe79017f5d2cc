export {
  type CsvColumn,
  type CsvOptions,
  type CsvType,
  csvToParquet,
  inferCsvSchema,
  type ParquetOptions,
  type ParquetResult,
} from './csv.ts'
export {
  type LineageColumn,
  type LineageRef,
  type LineageTable,
  type LineageVerdict,
  type SqlLineage,
  sqlLineage,
} from './lineage.ts'
export { NativeError } from './native-error.ts'
export { analyzeSql, type SqlDialect, type SqlRefusalCode, type SqlTable, type SqlVerdict } from './sql.ts'
export {
  type GateApplied,
  type GateColumn,
  type GateColumnType,
  type GateMask,
  type GateOptions,
  type GatePrincipal,
  type GateScalar,
  type GateTable,
  type GateUsedTable,
  type GateVerdict,
  SqlGate,
} from './sql-gate.ts'
