/// <reference lib="dom" />
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, type PageUnderTest } from './open-browser.ts'

let test: PageUnderTest
beforeAll(async () => {
  test = await openBrowser()
})
afterAll(() => test?.[Symbol.asyncDispose]())
const last = (id: string) => test.page.getByTestId('turn').last().getByTestId(id)

describe('the page in Chromium', () => {
  it('suggests questions, and answers one with words, chart, table, SQL and receipt [page.ask] [answer.receipt]', async () => {
    const { page } = test
    expect(await page.getByTestId('suggestion').count()).toBeGreaterThanOrEqual(4)
    expect(await test.ask('average arrival delay by month for United')).toBe('answered')
    expect(await last('answer-text').innerText()).toContain('United Air Lines Inc')
    expect(await last('steps').innerText()).toMatch(/Answered in .*plan.*7 steps/)
    await last('chart').locator('svg path.apexcharts-line, svg .apexcharts-series path').first().waitFor()
    expect(await last('chart').innerText()).toContain('Average arrival delay (min)')
    expect(await last('table').locator('tbody tr').count()).toBe(12)
    await page.getByTestId('tab-sql').last().click()
    expect(await last('sql').innerText()).toMatch(/SELECT[\s\S]*'United Air Lines Inc\.'/)
    await page.getByTestId('tab-receipt').last().click()
    const receipt = await last('receipt').innerText()
    for (const text of [
      'I read this as',
      'the planner, with no model',
      'United',
      'flights',
      'Data from 1 Jan 2013 to 31 Dec 2013',
      'No model was used',
    ]) {
      expect(receipt).toContain(text)
    }
  })

  it('keeps the context of a follow-up, with the thread in its address [answer.follow-up] [page.threads]', async () => {
    expect(test.page.url()).toMatch(/\/t\/[\w-]+$/)
    expect(await test.ask('and for Delta only?')).toBe('answered')
    expect(await last('table').locator('tbody tr').count()).toBe(12)
    expect(await last('answer-text').innerText()).toContain('Delta Air Lines Inc')
  })

  it('finds the thread after a reload [page.threads]', async () => {
    await test.page.reload()
    await test.page.getByTestId('turn').nth(1).waitFor()
    expect(await test.page.getByTestId('turn').count()).toBe(2)
    expect(await test.page.getByTestId('thread-item').first().innerText()).toContain('average arrival delay')
  })

  it('sorts, pages, copies and downloads the table [page.table]', async () => {
    await test.ask('number of flights by destination')
    const rows = last('table').locator('tbody tr')
    expect(await rows.count()).toBe(25)
    const cells = async () =>
      (await rows.locator('td:last-child').allInnerTexts()).map((text) => Number(text.replaceAll(',', '')))
    const header = last('table').locator('thead button').last()
    await header.click()
    const down = await cells()
    expect(down).toEqual(down.toSorted((a, b) => b - a))
    await header.click()
    const up = await cells()
    expect(up).toEqual(up.toSorted((a, b) => a - b))
    await last('table').getByRole('button', { name: 'Next' }).click()
    expect(await last('table').innerText()).toContain('26–50 of 105')
    await last('table').getByRole('button', { name: 'Copy the table' }).click()
    await test.page.waitForFunction(async () => (await navigator.clipboard.readText()).split('\n').length === 106)
    const [download] = await Promise.all([
      test.page.waitForEvent('download'),
      last('table').getByTestId('download-csv').click(),
    ])
    const csv = await readFile(await download.path(), 'utf8')
    expect(csv.trim().split('\r\n')).toHaveLength(106)
    expect(download.suggestedFilename()).toBe('number-of-flights-by-destination.csv')
  })

  it('asks back with choices and goes on from one by keyboard [answer.clarify] [page.access]', async () => {
    expect(await test.ask('average delay by airline')).toBe('clarify')
    const count = await test.page.getByTestId('turn').count()
    await last('choice').first().focus()
    await test.page.keyboard.press('Enter')
    await test.page.getByTestId('turn').nth(count).and(test.page.locator('[data-status="answered"]')).waitFor()
    expect(await last('table').locator('tbody tr').count()).toBe(16)
  })

  it('says what it can not answer, and offers what it can [answer.refuse]', async () => {
    expect(await test.ask('How many passengers flew from JFK?')).toBe('refused')
    expect(await last('notice').innerText()).toContain('passengers')
    expect(await last('suggestion').count()).toBeGreaterThan(0)
  })

  it('stops a running question [answer.stop]', async () => {
    const { page } = test
    const before = await page.getByTestId('turn').count()
    await page
      .getByTestId('question-box')
      .fill('select count(*) from flights a, flights b, flights c where a.dep_delay + b.dep_delay > c.dep_delay')
    await page.keyboard.press('Enter')
    await page.getByTestId('turn').nth(before).getByText('Running it on').first().waitFor()
    await page.getByTestId('stop').click()
    await page.getByTestId('turn').nth(before).and(page.locator('[data-status="failed"]')).waitFor()
    expect(await last('notice').innerText()).toContain('Stopped.')
    expect(await test.ask('How many airlines are there?')).toBe('answered')
  })

  it('takes a thumb up and takes it back, and keeps it over a reload [page.feedback]', async () => {
    const up = last('thumb-up')
    await up.click()
    await expect.poll(() => up.getAttribute('aria-pressed')).toBe('true')
    await test.page.reload()
    await expect.poll(() => last('thumb-up').getAttribute('aria-pressed')).toBe('true')
    const taken = test.page.waitForResponse((response) => response.url().includes('/feedback'))
    await last('thumb-up').click()
    expect((await taken).ok()).toBe(true)
    await expect.poll(() => last('thumb-up').getAttribute('aria-pressed')).toBe('false')
  })

  it('renames a thread, deletes one, and undoes it [page.threads]', async () => {
    const { page } = test
    const item = page.getByTestId('thread-item').first()
    await item.hover()
    await item.getByRole('button', { name: /^Rename/ }).click()
    await page.keyboard.type('Delays <b>of</b> 2013')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByTestId('thread-item').first().innerText()).toContain('Delays <b>of</b> 2013')
    await page.getByTestId('thread-item').first().hover()
    await page
      .getByTestId('thread-item')
      .first()
      .getByRole('button', { name: /^Delete/ })
      .click()
    await expect.poll(() => page.getByTestId('thread-item').count()).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByTestId('turn').first().waitFor()
    expect(await page.getByTestId('thread-item').count()).toBe(1)
  })

  it('shows markup in a question, a value and a column name as text [safety.escape]', async () => {
    const evil = '<img src=x onerror=window.hacked=1>'
    await test.ask(`select '${evil}' as "${evil}", count(*) as flights from flights group by origin`)
    await last('table').waitFor()
    expect(await last('table').innerText()).toContain('<img src=x')
    expect(await test.page.locator('img[src="x"]').count()).toBe(0)
    await test.ask(`How many ${evil} left JFK?`)
    expect(await test.page.locator('img[src="x"]').count()).toBe(0)
    expect(await test.page.evaluate(() => 'hacked' in window)).toBe(false)
  })

  it('goes from light to dark and remembers it [page.access]', async () => {
    await test.page.getByTestId('theme').first().click()
    expect(await test.page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
    await test.page.reload()
    expect(await test.page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  })

  it('shows what the data holds', async () => {
    await test.page.getByTestId('source-card').first().click()
    await test.page.getByTestId('data-page').waitFor()
    await test.page.getByRole('searchbox').fill('wind')
    expect(await test.page.getByTestId('data-page').innerText()).toContain('wind_speed')
  })

  it('lets nobody in without the token, and the token only once [safety.token]', async () => {
    const browser = test.context.browser()
    const stranger = await browser?.newContext()
    const page = await stranger?.newPage()
    const response = await page?.goto(`${test.server.url}/?token=${test.server.token}`)
    expect(response?.status()).toBe(401)
    await stranger?.close()
  })

  it('made no error and broke no content-security policy on the way', () => {
    // The refused stranger is in a context of its own.
    expect(test.errors).toEqual([])
  })
})

describe('the page on a phone', () => {
  it('keeps everything within its width and opens the threads from the menu [page.access]', async () => {
    await using phone = await openBrowser({ width: 390, dark: true })
    const { page } = phone
    expect(await phone.ask('share of cancelled flights per origin')).toBe('answered')
    await page.getByTestId('chart').locator('svg').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await page.getByTestId('menu').click()
    expect(await page.getByTestId('thread-item').last().isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByTestId('thread-item').last().isVisible()).toBe(false)
    // Every control has a name for a screen reader.
    const nameless = await page.evaluate(
      () =>
        [...document.querySelectorAll('button, a, input, textarea, select')].filter(
          (element) =>
            !(
              element.getAttribute('aria-label') ||
              element.textContent?.trim() ||
              element.id ||
              element.closest('label')
            ),
        ).length,
    )
    expect(nameless).toBe(0)
  })
})
