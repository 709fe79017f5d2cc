import { createHash } from 'node:crypto'
import type { GateMask } from '@plumbline/native'
import type { ColumnDef, TableData, Type, Value } from './database.ts'
import { SALT, type TablePolicy } from './policy.ts'

/** A column as a system stores it: `native` is its type there. */
export interface StoredColumn extends ColumnDef {
  readonly native: string
}

export interface StoredTable {
  readonly name: string
  readonly columns: readonly StoredColumn[]
  readonly rows: readonly (readonly Value[])[]
}

export type System = 'duckdb' | 'postgresql'

const NATIVE: Record<System, Record<Type, string>> = {
  duckdb: { int: 'INTEGER', number: 'DECIMAL(10,2)', text: 'VARCHAR', date: 'DATE', bool: 'BOOLEAN' },
  postgresql: { int: 'INTEGER', number: 'NUMERIC(10,2)', text: 'TEXT', date: 'DATE', bool: 'BOOLEAN' },
}
/** Types of a masked column, where they are others. */
const OF_NULL: Record<System, Partial<Record<Type, string>>> = {
  duckdb: { int: 'BIGINT', number: 'DOUBLE' },
  postgresql: { int: 'BIGINT', number: 'DOUBLE PRECISION' },
}

export function storedWhole(table: TableData, system: System): StoredTable {
  return { ...table, columns: table.columns.map((column) => ({ ...column, native: NATIVE[system][column.type] })) }
}

/**
 * What is left of a table for the person: rows and values as the policy's own words say, worked out here and not by the gate.
 */
export function expectedCopy(table: TableData, policy: TablePolicy, system: System): StoredTable {
  const index = (name: string) => table.columns.findIndex((column) => column.name === name)
  const seen = table.columns.filter(({ name }) => !policy.denied.includes(name))
  const kept = table.rows.filter((row) =>
    policy.filters.every((filter) => filter.holds((name) => row[index(name)] ?? null) === true),
  )
  const views = seen.map((column) => {
    const mask = policy.masks[column.name]
    const plain = { column: { ...column, native: NATIVE[system][column.type] }, of: (value: Value) => value }
    return { from: index(column.name), ...(mask ? maskedColumn(column, mask, system) : plain) }
  })
  return {
    name: table.name,
    columns: views.map((view) => view.column),
    rows: kept.map((row) => views.map((view) => view.of(row[view.from] ?? null))),
  }
}

function maskedColumn(
  column: ColumnDef,
  mask: GateMask,
  system: System,
): { column: StoredColumn; of(value: Value): Value } {
  const { name, type } = column
  const as = (shown: Type, of: (value: Value) => Value, native = NATIVE[system][shown]) => ({
    column: { name, type: shown, native },
    of: (value: Value) => (value === null ? null : of(value)),
  })
  const nothing = as(type, () => null, OF_NULL[system][type] ?? NATIVE[system][type])
  switch (mask.kind) {
    case 'null':
      return nothing
    case 'hash':
      return as('text', (value) => createHash('sha256').update(SALT).update(textOf(value, type)).digest('hex'))
    case 'partial':
      return as('text', (value) => partial([...textOf(value, type)], mask.keepFirst ?? 0, mask.keepLast ?? 0))
    case 'constant': {
      const text = typeof mask.value === 'string' || type === 'text'
      const shown: Type = text ? 'text' : typeof mask.value === 'boolean' ? 'bool' : 'int'
      // A constant stands in place of NULL too.
      const { column: stored } = as(shown, (value) => value)
      return { column: { ...stored, constant: true }, of: () => (text ? String(mask.value) : mask.value) }
    }
    case 'bucket': {
      const { size, unit } = mask
      if (size !== undefined && (type === 'int' || type === 'number')) {
        const native = system === 'postgresql' ? 'NUMERIC' : type === 'int' ? 'BIGINT' : 'DOUBLE'
        const shown = system === 'duckdb' && type === 'int' ? 'int' : 'number'
        return as(shown, (value) => Math.floor(Number(value) / size) * size, native)
      }
      if (unit !== undefined && type === 'date') return as('date', (value) => startOf(String(value), unit))
      return nothing
    }
  }
}

function textOf(value: Value, type: Type): string {
  return type === 'number' ? Number(value).toFixed(2) : String(value)
}

function partial(letters: readonly string[], first: number, last: number): string {
  if (letters.length <= first + last) return '***'
  return `${letters.slice(0, first).join('')}***${letters.slice(letters.length - last).join('')}`
}

function startOf(day: string, unit: 'day' | 'week' | 'month' | 'quarter' | 'year'): string {
  const date = new Date(`${day}T00:00:00Z`)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  const iso = (time: number) => new Date(time).toISOString().slice(0, 10)
  switch (unit) {
    case 'day':
      return day
    case 'week':
      return iso(date.getTime() - ((date.getUTCDay() + 6) % 7) * 86_400_000)
    case 'month':
      return iso(Date.UTC(year, month, 1))
    case 'quarter':
      return iso(Date.UTC(year, month - (month % 3), 1))
    case 'year':
      return iso(Date.UTC(year, 0, 1))
  }
}
