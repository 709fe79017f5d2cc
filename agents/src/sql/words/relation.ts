import { resultShape } from '@plumbline/tools/charts'
import { type Cell, type Column, formatCell } from '@plumbline/tools/contract'
import { escapeMarkdown } from './escape-markdown.ts'
import { sentenceCase, within } from './sentence-case.ts'

/**
 * How a measure moves along a numeric scale, in words; null when the result has another shape. Pearson's correlation over
 * the rows shown, each row weighted by its count when the result carries one, so that a rare bin does not decide it.
 */
export function relation(columns: readonly Column[], rows: readonly Cell[][]): string | null {
  const { scales, measures, times, categories } = resultShape(columns)
  const [scale, tooMany] = scales
  if (!scale || tooMany || times.length > 0 || categories.length > 0 || rows.length < 5) return null
  const measure = measures.find((m) => m.type === 'number' || m.unit !== undefined)
  if (!measure) return null
  const weight = measures.find((m) => m !== measure && m.type === 'integer')
  const at = (column: Column) => columns.indexOf(column)
  const points = rows.flatMap((row) => {
    const [x, y] = [row[at(scale)], row[at(measure)]]
    const w = weight ? row[at(weight)] : 1
    return typeof x === 'number' && typeof y === 'number' && typeof w === 'number' && w > 0 ? [{ x, y, w }] : []
  })
  const r = correlation(points)
  if (r === null) return null
  const strength =
    Math.abs(r) < 0.1 ? 'hardly' : Math.abs(r) < 0.4 ? 'weakly' : Math.abs(r) < 0.7 ? 'clearly' : 'strongly'
  const direction = r > 0 ? 'rises' : 'falls'
  const [low, high] = [points[0], points.at(-1)].map((p) => p && `${number(p.y, measure)} at ${number(p.x, scale)}`)
  const weighted = weight ? `, weighted by ${escapeMarkdown(within(weight.label))}` : ''
  const verb = strength === 'hardly' ? 'hardly moves with' : `${strength} ${direction} with`
  const [a, b] = [sentenceCase(measure.label), within(scale.label)].map(escapeMarkdown)
  return `${a} ${verb} ${b}: ${low}, ${high} (correlation of the ${points.length} groups ${r.toFixed(2)}${weighted}). This shows that they go together, not that one causes the other.`
}

const number = (n: number, column: Column) => `**${escapeMarkdown(formatCell(n, column, true))}**`

function correlation(points: readonly { x: number; y: number; w: number }[]): number | null {
  const total = points.reduce((sum, p) => sum + p.w, 0)
  if (points.length < 5 || total === 0) return null
  const mean = (of: (p: { x: number; y: number }) => number) => points.reduce((sum, p) => sum + of(p) * p.w, 0) / total
  const [mx, my] = [mean((p) => p.x), mean((p) => p.y)]
  const covariance = mean((p) => (p.x - mx) * (p.y - my))
  const spread = Math.sqrt(mean((p) => (p.x - mx) ** 2) * mean((p) => (p.y - my) ** 2))
  return spread === 0 ? null : covariance / spread
}
