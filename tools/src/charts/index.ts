export { chooseChart } from './choose-chart.ts'
export { distinctCount, type ResultShape, resultShape } from './result-shape.ts'
