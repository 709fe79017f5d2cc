import { type Column, formatCell } from '@plumbline/tools/contract'
import type { ApexOptions } from 'apexcharts'
import { apexText } from './apex-text.ts'
import { heatScale, outside } from './heat-scale.ts'
import { niceAxis } from './nice-axis.ts'
import { type ChartPalette, LIGHT } from './palette.ts'
import type { Plot } from './plot.ts'
import { labelStep, thinned } from './tick-labels.ts'
import { scatterX, tooltipHtml } from './tooltip.ts'

export interface Drawing {
  readonly palette: ChartPalette
  /** Width of the chart in pixels: it decides how many labels fit. */
  readonly width: number
  readonly animate: boolean
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })
/** What the y axis and the margins take of the width. */
const Y_AXIS_PX = 90
const MOST_CATEGORIES = 60

/** A number on an axis: short for thousands, per cent for shares, without the tail that floating point adds. */
export function tickText(value: number | string, column: Column): string {
  const number = Number(value)
  if (!Number.isFinite(number)) return String(value)
  if (column.format === 'ratio' || column.format === 'year') return formatCell(number, column)
  if (Math.abs(number) >= 10_000) return compact.format(number)
  return formatCell(Number(number.toPrecision(6)), { name: '', label: '', type: 'number' })
}

export function apexSeries(plot: Plot): NonNullable<ApexOptions['series']> {
  if (plot.kind === 'scatter') {
    return plot.series.map((one) => ({
      name: apexText(one.name),
      data: one.values.map((y, i) => [one.xs?.[i] ?? 0, y]),
    })) as NonNullable<ApexOptions['series']>
  }
  if (isLong(plot)) {
    return plot.series.map((one) => ({
      name: apexText(one.name),
      data: one.values.map((y, i) => [i, y]),
    })) as NonNullable<ApexOptions['series']>
  }
  // A heat map takes null for zero.
  const gap = plot.kind === 'heatmap' ? outside(heatScale(allValues(plot), LIGHT)) : null
  const series = plot.series.map((one) => ({ name: apexText(one.name), data: one.values.map((value) => value ?? gap) }))
  // ApexCharts stacks the rows of a heat map from the foot; the first is to stand on top.
  return (plot.kind === 'heatmap' ? series.toReversed() : series) as NonNullable<ApexOptions['series']>
}

/**
 * ApexCharts makes and measures a text for each category, also for an empty one: a second for 365, nine for 2,000. The
 * places of a long line are therefore numbers, and only the ticks get a text.
 */
const isLong = (plot: Plot) => plot.kind === 'line' && plot.categories.length > MOST_CATEGORIES

/** The options of ApexCharts for a plot. Titles, legend and notes are the page's own; what Apex writes is text or escaped. */
export function apexOptions(plot: Plot, { palette, width, animate }: Drawing): ApexOptions {
  const { kind, horizontal } = plot
  const scatter = kind === 'scatter'
  const long = isLong(plot)
  const points = plot.categories.length
  const many = plot.series.reduce((sum, one) => sum + one.values.length, 0)
  const text = { style: { colors: palette.faint, fontSize: '12px' } }
  const title = (words: string) => ({
    text: apexText(words),
    style: { color: palette.ink, fontWeight: 500, fontSize: '12px' },
  })
  const step = labelStep(plot.ticks, width - Y_AXIS_PX)
  // Each bar needs its name, so that names which do not fit side by side are slanted; times are thinned out instead.
  const slant = kind === 'bar' && !horizontal && step > 1
  const ticks = horizontal || slant ? plot.ticks : thinned(plot.ticks, step)
  const xs = plot.series.flatMap((one) => one.xs ?? [])
  const extent = xs.length > 0 ? niceAxis(minimum(xs), maximum(xs), width < 480 ? 4 : 8) : null
  const last = plot.series.length - 1
  return {
    chart: {
      type: kind,
      fontFamily: 'inherit',
      background: 'transparent',
      toolbar: { show: false },
      zoom: { enabled: false },
      selection: { enabled: false },
      parentHeightOffset: 0,
      animations: { enabled: animate && many <= 200, speed: 280, animateGradually: { enabled: false } },
    },
    colors: kind === 'heatmap' ? [palette.surface] : [...palette.series],
    dataLabels: { enabled: false },
    legend: { show: false },
    grid: {
      borderColor: palette.line,
      padding: { left: 10, right: 16, top: -12, bottom: 0 },
      xaxis: { lines: { show: horizontal || scatter } },
      yaxis: { lines: { show: !horizontal && kind !== 'heatmap' } },
    },
    stroke:
      kind === 'line'
        ? { width: points > 400 ? 1.5 : 2.25, curve: 'straight', lineCap: 'round' }
        : { width: kind === 'heatmap' ? 2 : 0, colors: [palette.surface] },
    fill: { opacity: scatter && many > 300 ? 0.55 : 1 },
    markers: {
      size: scatter ? (many > 300 ? 3 : 4.5) : kind === 'line' && points <= 40 ? 4 : 0,
      strokeWidth: scatter ? 0 : 2,
      strokeColors: palette.surface,
      hover: { sizeOffset: 2 },
    },
    plotOptions: {
      bar: { horizontal, borderRadius: 3, borderRadiusApplication: 'end', columnWidth: '58%', barHeight: '68%' },
      heatmap: {
        radius: 3,
        enableShades: false,
        colorScale: {
          ranges: heatScale(allValues(plot), palette),
        },
      },
    },
    xaxis: {
      type: scatter || long ? 'numeric' : 'category',
      ...(scatter || long ? {} : { categories: ticks.map(apexText) }),
      ...(extent ?? {}),
      ...(long ? { min: 0, max: points - 1, tickAmount: Math.max(1, Math.floor(points / step)) } : {}),
      title: title(horizontal ? plot.yTitle : plot.xTitle),
      labels: {
        ...text,
        rotate: slant ? -38 : 0,
        rotateAlways: slant,
        hideOverlappingLabels: false,
        trim: false,
        maxHeight: 90,
        ...(horizontal ? { formatter: (value: string) => tickText(value, plot.value) } : {}),
        ...(scatter ? { formatter: (value: string) => scatterTick(plot, Number(value)) } : {}),
        ...(long ? { formatter: (value: string) => apexText(plot.ticks[Math.round(Number(value))] ?? '') } : {}),
      },
      tooltip: { enabled: false },
      crosshairs: { show: kind === 'line', stroke: { color: palette.faint, width: 1, dashArray: 3 } },
      axisBorder: { show: !horizontal && kind !== 'heatmap', color: palette.line },
      axisTicks: { show: scatter, color: palette.line },
    },
    yaxis: {
      // On a phone the names of the bars need the room; the chart's title says what they are.
      title: title(horizontal ? (width < 480 ? '' : plot.xTitle) : plot.yTitle),
      labels: {
        ...text,
        maxWidth: width < 480 ? 150 : 280,
        // Apex sets them by their baseline, a little above the middle of the bar.
        offsetY: horizontal ? 2 : 0,
        formatter: horizontal || kind === 'heatmap' ? (value) => String(value) : (value) => tickText(value, plot.value),
      },
      ...(horizontal || kind === 'heatmap' ? {} : { tickAmount: 5 }),
    },
    tooltip: {
      // A custom tooltip is the one place where Apex takes HTML; all of it is made and escaped in tooltipHtml.
      custom: ({ seriesIndex, dataPointIndex }: { seriesIndex: number; dataPointIndex: number }) =>
        tooltipHtml(plot, palette.series, kind === 'heatmap' ? last - seriesIndex : seriesIndex, dataPointIndex),
      intersect: kind !== 'line',
      shared: kind === 'line',
    },
    states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
  }
}

function scatterTick(plot: Plot, x: number): string {
  const isTime = plot.x.type === 'date' || plot.x.type === 'timestamp'
  return isTime ? scatterX(plot, x) : tickText(x, plot.x)
}

const allValues = (plot: Plot) => plot.series.flatMap((one) => one.values)
const minimum = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.min(a, b))
const maximum = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b))
