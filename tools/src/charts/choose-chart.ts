import { type Cell, type ChartAxis, type ChartSpec, type Column, formatCell } from '../contract/index.ts'
import { distinctCount, type ResultShape, resultShape } from './result-shape.ts'

/** More bars than this are not read, only scrolled. */
const MAX_BARS = 30
/** More lines than this can not be told apart by colour. */
const MAX_SERIES = 8
const MAX_HEATMAP_CELLS = 1500
const LONG_LABEL = 12

interface Result {
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: readonly Cell[][]
}

const axis = (column: Column): ChartAxis => ({
  column: column.name,
  label: column.label,
  ...(column.format === 'ratio' ? { unit: '%' } : column.unit ? { unit: column.unit } : {}),
})

/** Measures that share the first one's unit: a chart with two scales on one axis misleads. */
function sameUnit(measures: readonly Column[]): Column[] {
  const [first] = measures
  return measures.filter((m) => m.unit === first?.unit && m.format === first?.format).slice(0, 4)
}

/**
 * The chart that fits the shape of a result, or null where a table says more: line over time, bars for categories,
 * scatter for a number against a number, heat map for two groupings, one big number for one value. Never a pie.
 */
export function chooseChart(result: Result): ChartSpec | null {
  const { rows, columns } = result
  if (rows.length === 0) return null
  const shape = resultShape(columns)
  if (shape.measures.length === 0) return null
  if (rows.length === 1) return singleValue(result, shape)
  if (shape.times.length > 0) return overTime(result, shape)
  if (shape.scales.length > 0) return overScale(result, shape)
  if (shape.categories.length > 0) return byCategory(result, shape)
  return betweenMeasures(result, shape)
}

function singleValue(result: Result, shape: ResultShape): ChartSpec | null {
  const [measure, second] = shape.measures
  if (!measure || (second && shape.categories.length + shape.times.length + shape.scales.length === 0)) return null
  const groups = result.columns.filter((c) => !shape.measures.includes(c))
  const name = groups.map((c) => formatCell(result.rows[0]?.[result.columns.indexOf(c)] ?? null, c)).join(' · ')
  return { kind: 'number', title: name || result.title, value: axis(measure) }
}

function overTime(result: Result, shape: ResultShape): ChartSpec | null {
  const [time, secondTime] = shape.times
  const groups = [...shape.categories, ...shape.scales]
  const measures = sameUnit(shape.measures)
  const [measure] = measures
  if (!time || !measure) return null
  if (secondTime) return heatmap(result, time, secondTime, measure)
  const [group, tooMany] = groups
  if (tooMany) return null
  if (!group) return { kind: 'line', title: result.title, x: axis(time), y: measures.map(axis) }
  const seriesCount = distinctCount(result.rows, result.columns.indexOf(group))
  if (seriesCount > MAX_SERIES) return heatmap(result, time, group, measure)
  return { kind: 'line', title: result.title, x: axis(time), y: [axis(measure)], series: group.name }
}

function overScale(result: Result, shape: ResultShape): ChartSpec | null {
  const [scale, secondScale] = shape.scales
  const [category, tooMany] = shape.categories
  const [measure] = shape.measures
  if (!scale || !measure || tooMany) return null
  if (secondScale) return category ? null : heatmap(result, scale, secondScale, measure)
  if (!category) return { kind: 'scatter', title: result.title, x: axis(scale), y: [axis(measure)] }
  if (distinctCount(result.rows, result.columns.indexOf(category)) > MAX_SERIES) {
    return heatmap(result, scale, category, measure)
  }
  return { kind: 'scatter', title: result.title, x: axis(scale), y: [axis(measure)], series: category.name }
}

function byCategory(result: Result, shape: ResultShape): ChartSpec | null {
  const [category, second, tooMany] = shape.categories
  const measures = sameUnit(shape.measures)
  const [measure] = measures
  if (!category || !measure || tooMany) return null
  const index = result.columns.indexOf(category)
  if (second) {
    const counts = [category, second].map((c) => distinctCount(result.rows, result.columns.indexOf(c))) as [
      number,
      number,
    ]
    // Every combination once means that one is a name of the other ("JFK", "John F Kennedy Intl"): one bar each.
    if (Math.max(...counts) === result.rows.length)
      return bars(result, counts[0] >= counts[1] ? second : category, measures)
    const [x, series] = counts[0] >= counts[1] ? [category, second] : [second, category]
    if (Math.min(...counts) > 6 || Math.max(...counts) > MAX_BARS) return heatmap(result, category, second, measure)
    return { kind: 'bar', title: result.title, x: axis(x), y: [axis(measure)], series: series.name, horizontal: false }
  }
  // A repeated category is a list of rows, not one value a category.
  if (distinctCount(result.rows, index) < result.rows.length)
    return betweenMeasures(result, { ...shape, categories: [] })
  return bars(result, category, measures)
}

function bars(result: Result, category: Column, measures: Column[]): ChartSpec {
  const index = result.columns.indexOf(category)
  const count = result.rows.length
  const longest = Math.max(...result.rows.map((row) => formatCell(row[index] ?? null, category).length))
  return {
    kind: 'bar',
    title: count > MAX_BARS ? `${result.title} (first ${MAX_BARS} of ${count})` : result.title,
    x: axis(category),
    y: measures.map(axis),
    horizontal: count > 8 || longest > LONG_LABEL,
    ...(count > MAX_BARS ? { limit: MAX_BARS } : {}),
  }
}

function heatmap(result: Result, x: Column, y: Column, value: Column): ChartSpec | null {
  const [xs, ys] = [x, y].map((c) => distinctCount(result.rows, result.columns.indexOf(c))) as [number, number]
  if (xs * ys > MAX_HEATMAP_CELLS || result.rows.length > xs * ys || ys > 40) return null
  return { kind: 'heatmap', title: result.title, x: axis(x), y: axis(y), value: axis(value) }
}

function betweenMeasures(result: Result, shape: ResultShape): ChartSpec | null {
  const [x, y] = shape.measures
  if (!x || !y || result.rows.length < 5) return null
  return { kind: 'scatter', title: result.title, x: axis(x), y: [axis(y)] }
}
