import type { PlanShape } from './plan-estimate.ts'

/** Groups from which "fewer groups" is the better advice. */
const MANY_GROUPS = 100_000

/**
 * How the query could be made narrower, from its plan.
 * @param timeColumns columns that hold a date or a time, by table in lower case; only tables in it are named.
 */
export function narrowingHint(
  shape: PlanShape | undefined,
  timeColumns: ReadonlyMap<string, readonly string[]>,
): string {
  const plain = 'Add a date range or fewer tables.'
  if (!shape) return plain
  if (shape.crossJoin) {
    return `It joins ${joined(shape, timeColumns)} without a condition: add the columns they are joined on, or leave a table out.`
  }
  const [largest] = shape.scans.toSorted((a, b) => b.rows - a.rows)
  const times = largest ? (timeColumns.get(largest.table.toLowerCase()) ?? []) : []
  const [time] = times
  if (largest && time !== undefined && !times.some((column) => mentions(shape.filters, column))) {
    return `Add a date range on \`${time}\`: \`${largest.table}\` is read from its first day to its last.`
  }
  if (shape.groups >= MANY_GROUPS) return 'It makes very many groups: group by a longer period or by fewer columns.'
  return time === undefined ? 'Add a filter or fewer tables.' : 'Shorten the date range or use fewer tables.'
}

function joined({ scans }: PlanShape, known: ReadonlyMap<string, unknown>): string {
  const tables = [...new Set(scans.map(({ table }) => table).filter((table) => known.has(table.toLowerCase())))]
  if (tables.length === 0) return 'tables'
  return tables.length === 1
    ? `\`${tables[0]}\` with itself`
    : tables
        .slice(0, 4)
        .map((name) => `\`${name}\``)
        .join(' and ')
}

const mentions = (filters: readonly string[], column: string) => {
  const name = new RegExp(`(?<![\\w$])${column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`, 'i')
  return filters.some((filter) => name.test(filter))
}
