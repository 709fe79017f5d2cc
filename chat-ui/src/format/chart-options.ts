import { type ChartAxis, type ChartSpec, type Column, formatCell, unitText } from '@plumbline/tools/contract'
import type { ApexOptions } from 'apexcharts'
import { chartText, type Series } from './chart-series.ts'

export interface ChartTheme {
  readonly dark: boolean
  readonly animate: boolean
}

const PALETTE = {
  light: ['#0f766e', '#c2703d', '#5b6abf', '#a3456f', '#7a8b2f', '#3b8fc2', '#8a6d3b', '#6b7280'],
  dark: ['#4fb8ac', '#e29a6a', '#97a3ee', '#d987ab', '#b3c46a', '#7fbde6', '#c9a86a', '#a3a8b0'],
}

/** An axis title: the label with its unit, "Average delay (min)". */
export function axisTitle(axis: ChartAxis): string {
  const unit = unitText(axis.unit)
  const label = axis.label.charAt(0).toUpperCase() + axis.label.slice(1)
  return chartText(unit && !label.includes(`(${unit})`) ? `${label} (${unit})` : label)
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

function tick(column: Column | undefined) {
  return (value: number | string | null): string => {
    if (typeof value !== 'number') return chartText(String(value ?? ''))
    if (column && (column.format === 'ratio' || column.format === 'year')) return formatCell(value, column)
    return Math.abs(value) >= 10_000
      ? compact.format(value)
      : formatCell(Number(value.toPrecision(6)), { ...numberColumn, type: 'number' })
  }
}

const numberColumn: Column = { name: '', label: '', type: 'number' }

/** The options of a chart for ApexCharts: titled axes with units, quiet lines, and no animation when none is wanted. */
export function chartOptions(
  spec: Exclude<ChartSpec, { kind: 'number' }>,
  columns: readonly Column[],
  series: readonly Series[],
  theme: ChartTheme,
): ApexOptions {
  const find = (name: string) => columns.find((column) => column.name === name)
  const valueAxis = spec.kind === 'heatmap' ? spec.value : (spec.y[0] as ChartAxis)
  const value = find(valueAxis.column)
  const horizontal = spec.kind === 'bar' && spec.horizontal
  const ink = theme.dark ? '#b4b6ac' : '#55574f'
  const line = theme.dark ? '#32342f' : '#e4e4de'
  const points = series[0]?.data.length ?? 0
  const title = (axis: ChartAxis) => ({
    text: axisTitle(axis),
    style: { color: ink, fontWeight: 500, fontSize: '12px' },
  })
  const whole = (number: number) => (value ? formatCell(number, value, true) : String(number))
  const labels = { style: { colors: ink, fontSize: '12px' } }
  const across = spec.kind === 'heatmap' ? spec.y : valueAxis
  return {
    chart: {
      type: spec.kind,
      fontFamily: 'inherit',
      background: 'transparent',
      toolbar: { show: false },
      zoom: { enabled: false },
      animations: { enabled: theme.animate && points < 200, speed: 250 },
    },
    theme: { mode: theme.dark ? 'dark' : 'light' },
    colors:
      spec.kind === 'heatmap'
        ? [PALETTE[theme.dark ? 'dark' : 'light'][0] as string]
        : PALETTE[theme.dark ? 'dark' : 'light'],
    dataLabels: { enabled: false },
    grid: { borderColor: line, strokeDashArray: 3, padding: { left: 12, right: 12 } },
    legend: {
      show: series.length > 1 && spec.kind !== 'heatmap',
      position: 'top',
      horizontalAlign: 'left',
      labels: { colors: ink },
    },
    stroke: spec.kind === 'line' ? { width: 2.5, curve: 'straight' } : { width: spec.kind === 'heatmap' ? 1 : 0 },
    markers: { size: spec.kind === 'scatter' ? 5 : points <= 31 && spec.kind === 'line' ? 3.5 : 0, strokeWidth: 0 },
    plotOptions: {
      bar: { horizontal, borderRadius: 3, columnWidth: '62%', barHeight: '70%' },
      heatmap: { radius: 2, enableShades: true, shadeIntensity: 0.6 },
    },
    xaxis: {
      type: spec.kind === 'scatter' ? 'numeric' : 'category',
      title: horizontal ? title(valueAxis) : title(spec.x),
      labels: {
        ...labels,
        rotate: -40,
        hideOverlappingLabels: true,
        trim: false,
        ...(horizontal ? { formatter: (text: string) => tick(value)(Number(text)) } : {}),
        ...(spec.kind === 'scatter' ? { formatter: (text: string) => tick(find(spec.x.column))(Number(text)) } : {}),
      },
      ...(spec.kind === 'scatter' ? niceAxis(series) : {}),
      tooltip: { enabled: false },
      axisBorder: { color: line },
      axisTicks: { color: line },
      ...(points > 16 && !horizontal && spec.kind !== 'scatter' ? { tickAmount: 12 } : {}),
    },
    yaxis: {
      title: horizontal ? title(spec.x) : title(across),
      labels: {
        ...labels,
        maxWidth: 220,
        formatter:
          horizontal || spec.kind === 'heatmap' ? (text: number | string) => chartText(String(text)) : tick(value),
      },
    },
    tooltip: {
      theme: theme.dark ? 'dark' : 'light',
      intersect: spec.kind === 'scatter',
      shared: spec.kind === 'line',
      x: {
        formatter: (number: number | string) =>
          spec.kind === 'scatter' ? `${axisTitle(spec.x)}: ${number}` : chartText(String(number)),
      },
      y: {
        formatter: (number: number | null) => (number === null || number === undefined ? 'no value' : whole(number)),
      },
    },
    states: { hover: { filter: { type: 'darken' } } },
  } as ApexOptions
}

/** What a screen reader says of a chart; the table holds the values. */
export function chartSummary(spec: ChartSpec, rows: number): string {
  if (spec.kind === 'number') return spec.title
  const kind = { line: 'Line chart', bar: 'Bar chart', scatter: 'Scatter chart', heatmap: 'Heat map' }[spec.kind]
  const what = spec.kind === 'heatmap' ? spec.value : spec.y[0]
  return `${kind}: ${spec.title}. ${what ? axisTitle(what) : ''} by ${axisTitle(spec.x)}, ${rows} values. The table below has them.`
}

/** Bounds and ticks of a numeric axis at round numbers, the points inside. */
function niceAxis(series: readonly Series[]): { min?: number; max?: number; tickAmount?: number } {
  const xs = series.flatMap((one) => one.data.map((point) => point.x)).filter((x) => typeof x === 'number')
  const [low, high] = [Math.min(...xs), Math.max(...xs)]
  if (xs.length === 0 || low === high) return {}
  const rough = (high - low) / 8
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  const [min, max] = [Math.floor(low / step) * step, Math.ceil(high / step) * step]
  return { min, max, tickAmount: Math.round((max - min) / step) }
}
