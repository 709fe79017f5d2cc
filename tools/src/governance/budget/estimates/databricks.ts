import { noEstimate, type PlanEstimate, type PlanScan } from '../plan-estimate.ts'

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']
/** `: +- Filter (…), Statistics(sizeInBytes=1.2 GiB, rowCount=3.37E+5)`; the depth is where the name begins. */
const LINE =
  /^(?<indent>[\s:+-]*)(?<text>[A-Za-z].*), Statistics\(sizeInBytes=(?<size>[\d.E+]+) (?<unit>[KMGTPE]?i?B)(?:, rowCount=(?<rows>[\d.E+]+))?.*\)$/
/** What Spark says of a table without statistics (`spark.sql.defaultSizeInBytes`, Long.MaxValue). */
const NOT_KNOWN = 7.9 * 2 ** 60

interface Line {
  readonly depth: number
  readonly text: string
  readonly bytes: number
  readonly rows: number | undefined
}

/**
 * The estimate in `EXPLAIN COST` of Spark SQL: sizes of the relations in the optimized logical plan, or of the largest join. A
 * relation without statistics has no size: then there is no estimate.
 */
export function databricksEstimate(text: string): PlanEstimate {
  const lines = optimizedPlan(text)
  if (lines.length === 0) return noEstimate('the plan of Databricks has no statistics')
  const scans = lines.filter((line, i) => (lines[i + 1]?.depth ?? 0) <= line.depth && line.text.startsWith('Relation'))
  const blind = scans.find((scan) => scan.bytes >= NOT_KNOWN)
  if (blind) {
    return noEstimate(
      `Databricks has no statistics for ${relationName(blind.text)}: run ANALYZE TABLE … COMPUTE STATISTICS`,
    )
  }
  const joins = lines.filter((line) => line.text.startsWith('Join'))
  const sum = (of: (scan: Line) => number) => scans.reduce((total, scan) => total + of(scan), 0)
  const rowsKnown = [...scans, ...joins].every((line) => line.rows !== undefined)
  const most = (of: (line: Line) => number) => Math.max(sum(of), ...joins.map(of))
  return {
    bytes: most((line) => line.bytes),
    ...(rowsKnown ? { rows: most((line) => line.rows ?? 0) } : {}),
    unit: 'bytes',
    source: 'explain',
    exact: false,
    shape: {
      scans: scans.map((scan): PlanScan => ({ table: relationName(scan.text), rows: scan.rows ?? 0 })),
      crossJoin: joins.some(({ text }) => /^Join (Cross|Inner)$/.test(text)),
      filters: lines.flatMap(({ text }) => /^Filter (.*)$/.exec(text)?.[1] ?? []),
      groups: Math.max(0, ...lines.map((line) => (line.text.startsWith('Aggregate') ? (line.rows ?? 0) : 0))),
    },
  }
}

function optimizedPlan(text: string): Line[] {
  const section = /== Optimized Logical Plan ==\n([\s\S]*?)(?:\n\n== |$)/.exec(text)?.[1] ?? ''
  return section.split('\n').flatMap((raw) => {
    const groups = LINE.exec(raw)?.groups
    if (!groups) return []
    const { indent = '', text: words = '', size, unit = 'B', rows } = groups
    const bytes = Number(size) * 1024 ** Math.max(0, UNITS.indexOf(unit))
    if (!Number.isFinite(bytes)) return []
    return [{ depth: indent.length, text: words, bytes, rows: rows === undefined ? undefined : Number(rows) }]
  })
}

/** `Relation spark_catalog.default.flights[id#1,…] parquet` → `default.flights`. */
function relationName(text: string): string {
  const name = /^Relation ([^[\s]*)/.exec(text)?.[1] ?? text
  return name.replace(/^spark_catalog\./, '') || 'a table'
}
