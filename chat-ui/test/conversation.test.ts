/// <reference lib="dom" />
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildPage, launchBrowser, type OpenPage, openPage } from './open-page.ts'
import { type ScriptedGateway, SLOW, startGateway } from './scripted-gateway.ts'

let built: Awaited<ReturnType<typeof buildPage>>
let browser: Browser
let gateway: ScriptedGateway
let open: OpenPage
let page: Page

beforeAll(async () => {
  ;[built, browser] = await Promise.all([buildPage(), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await built?.remove()
})
beforeEach(async () => {
  gateway = await startGateway(built.dir)
})
afterEach(async () => {
  await open?.[Symbol.asyncDispose]()
  await gateway[Symbol.asyncDispose]()
})

async function visit(path = '/') {
  open = await openPage(browser, `${gateway.url}${path}`)
  page = open.page
}
/** Looks again until it holds: nothing here waits for a fixed time. */
const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 10_000 })
const last = (id: string) => page.getByTestId('turn').last().getByTestId(id)
const answered = (n: number) => page.getByTestId('turn').nth(n).and(page.locator('[data-status="answered"]'))
async function askSlow() {
  await page.getByTestId('question-box').fill(SLOW)
  await page.keyboard.press('Enter')
  await last('steps').getByText('Running it on').first().waitFor()
}

describe('a conversation', () => {
  it('shows the words of an answer as they come [page.ask]', async () => {
    await visit()
    await askSlow()
    expect(await last('answer-text').innerText()).toBe('The first words')
    expect(await last('answer-text').locator('strong').innerText()).toBe('words')
    gateway.release()
    await answered(0).waitFor()
    expect(await last('answer-text').innerText()).toBe(`You asked: ${SLOW}`)
  })

  it('goes on in a thread that was left, and shows its answer there [page.threads]', async () => {
    await visit()
    await askSlow()
    const item = page.getByTestId('thread-item').filter({ hasText: SLOW })
    await item.getByRole('img', { name: 'Running' }).waitFor()
    await page.getByTestId('new-question').first().click()
    await page.getByTestId('empty').waitFor()
    expect(await open.ask('no rows at all')).toBe('answered')
    await item.getByRole('link').click()
    await page.getByTestId('turn').and(page.locator('[data-status="running"]')).waitFor()
    gateway.release()
    await answered(0).waitFor()
    await item.getByRole('img', { name: 'Running' }).waitFor({ state: 'detached' })
    expect(await page.getByTestId('turn').count()).toBe(1)
    expect(gateway.threads).toHaveLength(2)
  })

  it('finds the answer that came while the connection was lost [page.threads]', async () => {
    await visit()
    await askSlow()
    gateway.away = true
    gateway.dropSockets()
    await page.getByTestId('lost').waitFor()
    expect(await last('notice').innerText()).toContain('The connection was lost before the answer came.')
    gateway.release()
    await soon(() => gateway.threads[0]?.answers.length).toBe(1)
    gateway.away = false
    await answered(0).waitFor()
    expect(page.url()).toContain(`/t/${gateway.threads[0]?.id}`)
    expect(await page.getByTestId('turn').count()).toBe(1)
  })

  it('has a link to each answer, which opens the thread there [page.threads]', async () => {
    const thread = gateway.addThread('Delays', Array(4).fill('average departure delay by month'))
    await visit(`/t/${thread.id}`)
    await page.getByTestId('copy-link').nth(1).click()
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(link).toBe(`${gateway.url}/t/${thread.id}#answer-${thread.answers[1]?.id}`)
    await page.goto('about:blank')
    await page.goto(link)
    await page.getByTestId('turn').nth(1).waitFor()
    await soon(async () => (await page.getByTestId('turn').nth(1).boundingBox())?.y ?? -1).toBeLessThan(120)
    expect((await page.getByTestId('turn').nth(1).boundingBox())?.y).toBeGreaterThanOrEqual(0)
  })

  it('remembers which choice was made, also after a reload [answer.clarify]', async () => {
    await visit()
    await open.ask('average delay by airline')
    await last('choice').first().click()
    await answered(1).waitFor()
    const pressed = () => page.getByTestId('choice').evaluateAll((all) => all.map((one) => one.ariaPressed))
    expect(await pressed()).toEqual(['true', 'false'])
    await page.getByTestId('turn').first().getByTestId('choice').first().click({ force: true })
    await page.reload()
    await answered(1).waitFor()
    expect(await pressed()).toEqual(['true', 'false'])
    expect(await page.getByTestId('choice').first().isDisabled()).toBe(true)
    expect(gateway.asked).toHaveLength(2)
  })

  it('lists the newest threads, and older ones when asked [page.threads]', async () => {
    gateway.pageSize = 3
    for (let i = 0; i < 8; i++) gateway.addThread(`Thread ${i}`, [])
    await visit()
    const items = page.getByTestId('thread-item')
    await soon(() => items.count()).toBe(3)
    const older = page.getByRole('button', { name: 'Show older threads' })
    await older.click()
    await soon(() => items.count()).toBe(6)
    await older.click()
    await soon(() => items.count()).toBe(8)
    expect(await older.count()).toBe(0)
    expect(await items.last().innerText()).toBe('Thread 0')
  })

  it('is read out: the step that runs, and the answer when it comes [page.access]', async () => {
    await visit()
    await open.ask('How many flights left JFK in July 2013?')
    const spoken = page.getByTestId('spoken')
    await soon(() => spoken.innerText()).toBe('10,023 flights left JFK in July 2013.')
    expect(await spoken.getAttribute('role')).toBe('status')
    await page.getByTestId('question-box').press('ArrowUp')
    expect(await page.getByTestId('question-box').inputValue()).toBe('How many flights left JFK in July 2013?')
  })
})

describe('a chart', () => {
  it('hides and shows a line from its legend, but never the last one [answer.chart]', async () => {
    await visit()
    await open.ask('average departure delay by month and origin')
    const lines = last('chart').locator('.apexcharts-line-series > .apexcharts-series')
    await soon(() => lines.count()).toBe(3)
    const legend = last('chart').getByRole('list', { name: 'Series' }).getByRole('button')
    await legend.nth(0).click()
    await soon(() => lines.count()).toBe(2)
    await legend.nth(1).click()
    await legend.nth(2).click()
    await soon(() => lines.count()).toBe(1)
    expect(await legend.evaluateAll((all) => all.map((one) => one.ariaPressed))).toEqual(['false', 'false', 'true'])
  })

  it.each(['light', 'dark'] as const)('has a tooltip in the colours of the %s theme [page.access]', async (theme) => {
    await visit()
    if (theme === 'dark') await page.getByTestId('theme').first().click()
    await open.ask('share of cancelled flights per origin')
    const bar = last('chart').locator('.apexcharts-bar-series path').first()
    await bar.waitFor()
    const box = await bar.boundingBox()
    if (!box) throw new Error('nothing is drawn')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 })
    const tip = last('chart').locator('.apexcharts-tooltip.apexcharts-active')
    await tip.waitFor()
    expect(await tip.innerText()).toContain('3.1%')
    const colours = await tip.evaluate((element) => {
      const probe = document.createElement('i')
      probe.style.cssText = 'color: var(--ink); background: var(--raised)'
      document.body.append(probe)
      return [element, probe].map((one) => {
        const { color, backgroundColor } = getComputedStyle(one)
        return { color, backgroundColor }
      })
    })
    expect(colours[0]).toEqual(colours[1])
  })

  it('leaves the places of a heat map without a row empty [answer.chart]', async () => {
    await visit()
    await open.ask('departure delay by hour and month')
    const cells = last('chart').locator('.apexcharts-heatmap-rect')
    await cells.first().waitFor()
    const colours = await cells.evaluateAll((all) =>
      all.map((one) => [one.getAttribute('i'), one.getAttribute('color')]),
    )
    const empty = colours.filter(([, colour]) => colour === '#ffffff')
    // The sample has no departures from midnight until four, in each of twelve months.
    expect(empty).toHaveLength(60)
  })

  it.each(['each departure of a day by wind speed', 'delay of each hour of the year'])(
    'draws “%s”, thousands of points [answer.chart]',
    async (question) => {
      await visit()
      await open.ask(question)
      await last('chart').locator('svg .apexcharts-series path').first().waitFor()
    },
  )

  it('says when it is drawn from fewer points than there are, the highest among them [answer.chart]', async () => {
    await visit()
    await open.ask('delay of each hour of the year')
    await last('chart').locator('svg .apexcharts-series path').first().waitFor()
    expect(await last('chart').innerText()).toMatch(/Drawn from [\d,]+ of 8,760 points; the table has all\./)
    expect(await last('chart').locator('[role="img"]').getAttribute('aria-label')).toMatch(
      /highest 400 min.*of 8,760 points/,
    )
  })
})
