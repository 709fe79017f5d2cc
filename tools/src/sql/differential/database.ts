import type { Chance } from './chance.ts'

export type Type = 'int' | 'number' | 'text' | 'date' | 'bool'
export type Value = number | string | boolean | null

export interface ColumnDef {
  readonly name: string
  readonly type: Type
  /** The same value in every row: what is computed from it may raise before there is a row. */
  readonly constant?: boolean
}

/** Dates are `YYYY-MM-DD`; numbers are multiples of a quarter, so that sums of them are exact. */
export interface TableData {
  readonly name: string
  readonly columns: readonly ColumnDef[]
  readonly rows: readonly (readonly Value[])[]
}

const COLUMNS: readonly ColumnDef[] = [
  { name: 'k', type: 'int' },
  { name: 'name', type: 'text' },
  { name: 'note', type: 'text' },
  { name: 'day', type: 'date' },
  { name: 'amount', type: 'number' },
  { name: 'level', type: 'int' },
]
export const TEXTS = ['ann', 'bob', "O'Brien", 'b\\', '7', '12', '', 'zoë', 'a longer text']
const DAYS = ['2023-12-31', '2024-01-01', '2024-02-29', '2024-03-04', '2024-07-15', '2025-01-01']

/** Two to four small tables with NULLs and duplicates. */
export function makeTables(chance: Chance): TableData[] {
  return Array.from({ length: 2 + chance.upTo(2) }, (_, i) => {
    const columns: ColumnDef[] = [{ name: 'id', type: 'int' }, ...chance.some(COLUMNS, 2 + chance.upTo(3))]
    const rows = Array.from({ length: chance.in100(10) ? 0 : 2 + chance.upTo(7) }, () =>
      columns.map(({ type }) => value(type, chance)),
    )
    return { name: `t${i}`, columns, rows }
  })
}

function value(type: Type, chance: Chance): Value {
  if (chance.in100(15)) return null
  switch (type) {
    case 'int':
      return chance.upTo(6) - 1
    case 'number':
      return (chance.upTo(120) - 20) / 4
    case 'text':
      return chance.oneOf(TEXTS)
    case 'date':
      return chance.oneOf(DAYS)
    case 'bool':
      return chance.in100(50)
  }
}
