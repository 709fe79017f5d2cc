/** Colours of a chart, resolved for one theme: ApexCharts writes them into SVG attributes, where CSS variables do not reach. */
export interface ChartPalette {
  readonly ink: string
  readonly faint: string
  readonly line: string
  readonly surface: string
  /** Told apart by hue and by lightness; the first is the accent. */
  readonly series: readonly string[]
  /** From few to many. */
  readonly rising: readonly string[]
  /** Below zero, strongest first. Above zero `warm`, strongest last. */
  readonly cool: readonly string[]
  readonly warm: readonly string[]
}

export const LIGHT: ChartPalette = {
  ink: '#3d3f38',
  faint: '#63655c',
  line: '#e4e4de',
  surface: '#ffffff',
  series: ['#0f766e', '#c2703d', '#5b6abf', '#a3456f', '#7a8b2f', '#3b8fc2', '#8a6d3b', '#6b7280'],
  rising: ['#e6f3f1', '#bfdfda', '#92c7c0', '#5fa9a1', '#2f8880', '#0b5f58'],
  cool: ['#1c7c74', '#4f9d95', '#8cc4bd', '#cbe3e0'],
  warm: ['#f6e3d3', '#ecc19d', '#d99260', '#b85f2b'],
}

export const DARK: ChartPalette = {
  ink: '#c9cbc1',
  faint: '#a3a59b',
  line: '#343631',
  surface: '#20211f',
  series: ['#4fb8ac', '#e29a6a', '#97a3ee', '#d987ab', '#b3c46a', '#7fbde6', '#c9a86a', '#a3a8b0'],
  rising: ['#22332f', '#24504a', '#287068', '#339389', '#4fb8ac', '#8fdcd2'],
  cool: ['#5cc7bb', '#3b958b', '#2b645d', '#233c38'],
  warm: ['#41322a', '#75503a', '#b3774d', '#eda878'],
}
