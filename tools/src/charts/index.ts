export { chooseChart } from './choose-chart.ts'
