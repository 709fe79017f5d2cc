import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { Cell, ColumnType } from '@plumbline/tools/contract'
import { isNested, nestedJson } from './nested-value.ts'

const INTEGERS = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.BIGNUM,
])
const TIMESTAMPS = new Set([
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
  DuckDBTypeId.TIMESTAMP_TZ,
])
const NESTED = new Set([
  DuckDBTypeId.LIST,
  DuckDBTypeId.ARRAY,
  DuckDBTypeId.STRUCT,
  DuckDBTypeId.MAP,
  DuckDBTypeId.UNION,
  DuckDBTypeId.VARIANT,
])

export function columnType(id: DuckDBTypeId): ColumnType {
  if (INTEGERS.has(id)) return 'integer'
  if (id === DuckDBTypeId.FLOAT || id === DuckDBTypeId.DOUBLE || id === DuckDBTypeId.DECIMAL) return 'number'
  if (id === DuckDBTypeId.BOOLEAN) return 'boolean'
  if (id === DuckDBTypeId.DATE) return 'date'
  if (TIMESTAMPS.has(id)) return 'timestamp'
  return NESTED.has(id) ? 'json' : 'string'
}

/** How the values of one column become cells. */
export function cellReader(id: DuckDBTypeId): (value: DuckDBValue) => Cell {
  return id === DuckDBTypeId.FLOAT
    ? (value) => toCell(typeof value === 'number' ? shortestFloat(value) : value)
    : toCell
}

/** A 32-bit float read as a double has digits that nobody stored: 0.1 is 0.10000000149011612. The fewest that tell it apart. */
function shortestFloat(value: number): number {
  if (!Number.isFinite(value)) return value
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}

/**
 * A value of DuckDB as a cell of the contract. NaN and the infinities have no JSON and become null; an integer beyond 2^53
 * and a decimal of more than 15 digits become strings, because a double would change them; a timestamp is read as UTC.
 */
export function toCell(value: DuckDBValue): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'bigint') return integer(value)
  if (value instanceof DuckDBDecimalValue) return decimal(value)
  if (value instanceof DuckDBDateValue) return date(value)
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) return isoMicros(value.micros)
  if (value instanceof DuckDBTimestampSecondsValue) return isoMicros(value.seconds * 1_000_000n)
  if (value instanceof DuckDBTimestampMillisecondsValue) return isoMicros(value.millis * 1000n)
  if (value instanceof DuckDBTimestampNanosecondsValue) return isoMicros(value.nanos / 1000n)
  return isNested(value) ? nestedJson(value, toCell) : String(value)
}

function date(value: DuckDBDateValue): string {
  if (value.isFinite) return value.toString()
  return value.days > 0 ? 'infinity' : '-infinity'
}

function integer(value: bigint): Cell {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value.toString()
}

function decimal(value: DuckDBDecimalValue): Cell {
  const digits = (value.value < 0n ? -value.value : value.value).toString().length
  return digits <= 15 ? value.toDouble() : value.toString()
}

/** Days from 0001-01-01 to 9999-12-31, the years ISO 8601 writes with four digits. */
const MIN_MICROS = -62_135_596_800_000_000n
const MAX_MICROS = 253_402_300_799_999_999n

function isoMicros(micros: bigint): string {
  if (micros < MIN_MICROS || micros > MAX_MICROS) return new DuckDBTimestampValue(micros).toString()
  const rest = ((micros % 1000n) + 1000n) % 1000n
  const iso = new Date(Number((micros - rest) / 1000n)).toISOString()
  if (rest !== 0n) return iso.replace('Z', `${rest.toString().padStart(3, '0')}Z`)
  return iso.replace('.000Z', 'Z')
}
