import {
  DuckDBArrayValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBUnionValue,
  type DuckDBValue,
  DuckDBVariantValue,
} from '@duckdb/node-api'
import type { Cell } from '@plumbline/tools/contract'

/** A list, struct, map, union or variant, whose cell is JSON text. */
export type NestedValue =
  | DuckDBListValue
  | DuckDBArrayValue
  | DuckDBStructValue
  | DuckDBMapValue
  | DuckDBUnionValue
  | DuckDBVariantValue

export function isNested(value: DuckDBValue): value is NestedValue {
  return (
    value instanceof DuckDBListValue ||
    value instanceof DuckDBArrayValue ||
    value instanceof DuckDBStructValue ||
    value instanceof DuckDBMapValue ||
    value instanceof DuckDBUnionValue ||
    value instanceof DuckDBVariantValue
  )
}

/**
 * A nested value as JSON. What is in it is written as a cell would be; a map is a list of `{key, value}`, since its keys
 * need not be texts; a union and a variant are what they hold.
 */
export function nestedJson(value: NestedValue, toCell: (value: DuckDBValue) => Cell): string {
  const plain = (inner: DuckDBValue): unknown => {
    if (!isNested(inner)) return toCell(inner)
    if (inner instanceof DuckDBStructValue) {
      return Object.fromEntries(Object.entries(inner.entries).map(([name, field]) => [name, plain(field)]))
    }
    if (inner instanceof DuckDBMapValue) {
      return inner.entries.map((entry) => ({ key: plain(entry.key), value: plain(entry.value) }))
    }
    if (inner instanceof DuckDBUnionValue || inner instanceof DuckDBVariantValue) return plain(inner.value)
    return inner.items.map(plain)
  }
  return JSON.stringify(plain(value))
}
