import { openBrowser } from '../test/open-browser.ts'

// The built page in a real Chromium against the real server: the first load with an empty cache until a question can be typed,
// and from the press of Enter, and from the arrival of the answer, until its chart is drawn.
const RUNS = 5
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const loads: number[] = []
const answers: number[] = []
const charts: number[] = []

for (let run = 0; run < RUNS; run++) {
  await using test = await openBrowser()
  const { page } = test
  const fresh = await test.context.browser()?.newContext({ storageState: await test.context.storageState() })
  const first = await fresh?.newPage()
  if (!first) throw new Error('the browser is gone')
  const startedAt = performance.now()
  await first.goto(test.server.url)
  await first.getByTestId('suggestion').first().waitFor()
  loads.push(performance.now() - startedAt)
  await fresh?.close()

  await page.getByTestId('question-box').fill('average arrival delay by month for United')
  const askedAt = performance.now()
  await page.keyboard.press('Enter')
  await page.getByTestId('answer-text').waitFor()
  const answeredAt = performance.now()
  await page.locator('[data-testid=chart] svg .apexcharts-line-series path').first().waitFor()
  const drawnAt = performance.now()
  answers.push(drawnAt - askedAt)
  charts.push(drawnAt - answeredAt)
}
console.log(`| ${RUNS} runs, median (slowest) | |`)
console.log('|-|-|')
for (const [title, values] of [
  ['first load, empty cache, until the suggestions stand', loads],
  ['Enter until the chart is drawn', answers],
  ['answer in words until the chart is drawn', charts],
] as const) {
  console.log(`| ${title} | ${median(values).toFixed(0)} ms (${Math.max(...values).toFixed(0)} ms) |`)
}
process.exit()
