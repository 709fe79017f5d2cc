import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildPage, launchBrowser, type OpenPage, openPage } from './open-page.ts'
import { EVIL, SQL } from './sample-answers.ts'
import { type ScriptedGateway, SLOW, startGateway, TOKEN } from './scripted-gateway.ts'
import { tooPale } from './too-pale.ts'

let built: Awaited<ReturnType<typeof buildPage>>
let browser: Browser
let gateway: ScriptedGateway
let open: OpenPage
let page: Page
/** Console errors that a test brings about on purpose, such as a refused request. */
let expected: RegExp | null

beforeAll(async () => {
  built = await buildPage()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await built?.remove()
})
beforeEach(async () => {
  expected = null
  gateway = await startGateway(built.dir)
})
afterEach(async () => {
  const errors = open?.errors.filter((error) => !expected?.test(error))
  await open?.[Symbol.asyncDispose]()
  await gateway[Symbol.asyncDispose]()
  // No error and no breach of the content-security policy on the way.
  expect(errors).toEqual([])
})

async function visit(path = '/', options: Parameters<typeof openPage>[2] = {}) {
  open = await openPage(browser, `${gateway.url}${path}`, options)
  page = open.page
}
const last = (id: string) => page.getByTestId('turn').last().getByTestId(id)
const pageHasNoMarkup = async () => {
  expect(await page.locator('img[src="x"], #app script, #app a[href*="example.com"]').count()).toBe(0)
  expect(await page.title()).not.toMatch(/^[12]/)
}

describe('asking', () => {
  it('begins with questions that the data can answer, and asks one at a click', async () => {
    await visit()
    await page.getByTestId('suggestion').first().waitFor()
    expect(await page.getByTestId('suggestion').count()).toBe(6)
    await page.getByTestId('suggestion').first().click()
    await page.getByTestId('turn').and(page.locator('[data-status="answered"]')).waitFor()
    expect(gateway.asked).toEqual([{ question: 'How many flights left JFK in July 2013?' }])
  })

  it('shows each step and the SQL as they happen, then the answer with its proof [page.ask]', async () => {
    await visit()
    await page.getByTestId('question-box').fill(SLOW)
    await page.keyboard.press('Enter')
    const steps = last('steps')
    await steps.getByText('Planning the query').waitFor()
    await steps.locator('li', { hasText: 'Running it on Flights' }).waitFor()
    expect(await page.getByTestId('turn').getAttribute('data-status')).toBe('running')
    gateway.release()
    await page.getByTestId('turn').and(page.locator('[data-status="answered"]')).waitFor()

    expect(await open.ask('average departure delay by month')).toBe('answered')
    expect(await last('answer-text').locator('strong').innerText()).toBe('July 2013')
    await last('chart').locator('.apexcharts-series').first().waitFor()
    expect(await last('table').locator('tbody tr').count()).toBe(12)
    expect(await last('table').locator('thead').innerText()).toContain('min')
    await last('tab-sql').click()
    expect((await last('sql').locator('pre').innerText()).replaceAll('\r', '')).toBe(SQL)
    await last('tab-receipt').click()
    const receipt = await last('receipt').innerText()
    for (const text of [
      'the planner, with no model',
      'United Air Lines Inc.',
      'you wrote “United”',
      'flights',
      'time_hour',
      '1 Jan 2013 to 31 Dec 2013',
      'No model was used',
      'Running it on',
    ])
      expect(receipt).toContain(text)
  })

  it.each([
    ['average departure delay by month', 'line'],
    ['average departure delay by month and origin', 'line'],
    ['share of cancelled flights per origin', 'bar'],
    ['top destinations by number of flights', 'bar'],
    ['how does wind speed relate to departure delay?', 'scatter'],
    ['departure delay by hour and month', 'heatmap'],
  ])('draws “%s” as a %s chart with titled axes [answer.chart]', async (question, kind) => {
    await visit()
    await open.ask(question)
    const chart = last('chart')
    await chart.locator(`.apexcharts-${kind}-series`).first().waitFor()
    expect(await chart.locator('.apexcharts-xaxis-title, .apexcharts-yaxis-title').count()).toBe(2)
    expect(await chart.locator('[role="img"][aria-label]').getAttribute('aria-label')).toMatch(/chart|map/i)
    // A change of theme draws the chart anew.
    await page.evaluate(drawAgain)
  })

  it('shows one value as a big number [answer.chart]', async () => {
    await visit()
    await open.ask('How many flights left JFK in July 2013?')
    expect(await last('chart').innerText()).toMatch(/^10,023$/m)
  })

  it('asks back with choices and goes on from one', async () => {
    await visit()
    expect(await open.ask('average delay by airline')).toBe('clarify')
    expect(await last('choice').count()).toBe(2)
    await last('choice').first().click()
    await page.getByTestId('turn').nth(1).and(page.locator('[data-status="answered"]')).waitFor()
    expect(await page.getByTestId('turn').nth(1).getByRole('heading').innerText()).toBe('Average departure delay')
    expect(gateway.asked[1]).toMatchObject({ question: '', choice: 'dep', threadId: gateway.threads[0]?.id })
    expect(await page.getByTestId('choice').first().isDisabled()).toBe(true)
  })

  it('says what it can not answer and offers what it can', async () => {
    await visit()
    expect(await open.ask('How many passengers flew from JFK?')).toBe('refused')
    expect(await last('notice').innerText()).toContain('has no passengers')
    await last('suggestion').first().click()
    await page.getByTestId('turn').nth(1).and(page.locator('[data-status="answered"]')).waitFor()
    expect(gateway.asked[1]?.question).toBe('How many flights left JFK?')
  })

  it('shows why a question failed, its SQL, and tries again', async () => {
    await visit()
    expect(await open.ask('a question that breaks')).toBe('failed')
    expect(await last('notice').innerText()).toContain('longer than 30 s')
    await last('notice').getByText('The SQL that failed').click()
    expect(await last('sql').innerText()).toContain('SELECT count')
    await last('try-again').click()
    await page.getByTestId('turn').nth(1).and(page.locator('[data-status="failed"]')).waitFor()
    expect(gateway.asked.map((request) => request.question)).toEqual(Array(2).fill('a question that breaks'))
    // Only the last question can be asked again.
    expect(await page.getByTestId('try-again').count()).toBe(1)
  })

  it('stops a running question, and takes the next [answer.stop]', async () => {
    await visit()
    await page.getByTestId('question-box').fill(SLOW)
    await page.keyboard.press('Enter')
    await last('steps').getByText('Running it on').first().waitFor()
    await page.getByTestId('stop').click()
    await page.getByTestId('turn').and(page.locator('[data-status="failed"]')).waitFor()
    expect(await last('notice').innerText()).toContain('Stopped.')
    expect(await open.ask('no rows at all')).toBe('answered')
    expect(await last('table').or(last('answer-text')).first().innerText()).toContain('No flight left')
  })

  it('says when a question is too long, and does not send it', async () => {
    await visit()
    await page.getByTestId('question-box').fill('long '.repeat(500))
    await page.keyboard.press('Enter')
    expect(await page.locator('#question-help').innerText()).toBe('2,500 characters; I read up to 2,000.')
    expect(await page.getByTestId('send').isDisabled()).toBe(true)
    expect(gateway.asked).toEqual([])
  })

  it('does not show the answer of a thread that was left', async () => {
    gateway.addThread('Another thread', ['no rows at all'])
    await visit()
    await page.getByTestId('question-box').fill(SLOW)
    await page.keyboard.press('Enter')
    await last('steps').getByText('Running it on').first().waitFor()
    await page.getByTestId('thread-item').filter({ hasText: 'Another' }).getByRole('link').click()
    await page.getByText('No flight left').waitFor()
    gateway.release()
    await expect.poll(() => gateway.threads.find((thread) => thread.title === SLOW)?.answers.length).toBe(1)
    expect(await page.getByTestId('turn').count()).toBe(1)
    expect(page.url()).toContain(`/t/${gateway.threads.find((thread) => thread.title === 'Another thread')?.id}`)
  })
})

describe('the table', () => {
  const column = (n: number) => last('table').locator(`tbody td:nth-child(${n})`).allInnerTexts()

  it('sorts by a column, both ways and back, with empty cells last [page.table]', async () => {
    await visit()
    await open.ask('number of flights by destination')
    const header = last('table').locator('thead button').nth(2)
    const state = () => last('table').locator('thead th').nth(2).getAttribute('aria-sort')
    const numbers = async () => (await column(3)).map((text) => Number(text.replaceAll(',', '')))
    const own = await numbers()
    await header.click()
    expect([await state(), await numbers()]).toEqual(['descending', (await numbers()).toSorted((a, b) => b - a)])
    expect((await numbers())[0]).toBeGreaterThan(9000)
    await header.click()
    expect([await state(), await numbers()]).toEqual(['ascending', (await numbers()).toSorted((a, b) => a - b)])
    await header.click()
    expect([await state(), await numbers()]).toEqual(['none', own])
    await last('table').locator('thead button').nth(1).click()
    await last('table').getByRole('combobox').selectOption('100')
    await last('table').getByRole('button', { name: 'Next' }).click()
    expect((await column(2)).at(-1)).toContain('no value')
  })

  it('pages, copies all of it, and downloads it as CSV in the order shown [page.table]', async () => {
    await visit()
    await open.ask('number of flights by destination')
    const next = last('table').getByRole('button', { name: 'Next' })
    expect(await column(1)).toHaveLength(25)
    await next.click()
    expect((await column(1))[0]).toBe('Airport 26')
    expect(await last('table').innerText()).toContain('26–50 of 105')
    await last('table').getByRole('combobox').selectOption('100')
    expect(await column(1)).toHaveLength(100)
    await next.click()
    expect(await column(1)).toHaveLength(5)
    expect(await next.isDisabled()).toBe(true)
    await last('table').locator('thead button').nth(2).click()
    await last('table').getByRole('button', { name: 'Copy the table' }).click()
    await last('table').getByText('Copied').waitFor({ state: 'attached' })
    const copied = (await page.evaluate(() => navigator.clipboard.readText())).split('\n')
    expect(copied).toHaveLength(106)
    expect(copied[0]).toBe('Destination\tAverage departure delay\tNumber of flights')
    const [download] = await Promise.all([page.waitForEvent('download'), last('download-csv').click()])
    expect(download.suggestedFilename()).toBe('number-of-flights-by-destination.csv')
    const lines = (await readFile(await download.path(), 'utf8')).split('\r\n')
    expect(lines[0]).toBe('\ufeffname,delay,flights')
    const counts = lines.slice(1, 106).map((line) => Number(line.split(',')[2]))
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
  })
})

describe('threads', () => {
  it('gets its address from the first answer and is found again after a reload [page.threads]', async () => {
    await visit()
    await open.ask('How many flights left JFK in July 2013?')
    await open.ask('average departure delay by month')
    await page.waitForURL(`**/t/${gateway.threads[0]?.id}`)
    expect(gateway.asked[1]?.threadId).toBe(gateway.threads[0]?.id)
    await page.reload()
    await page.getByTestId('turn').nth(1).waitFor()
    expect(await page.getByTestId('turn').count()).toBe(2)
    expect(await page.getByTestId('thread-item').getByRole('link').getAttribute('aria-current')).toBe('page')
    await page.getByTestId('new-question').click()
    await page.getByTestId('empty').waitFor()
  })

  it('renames one, and leaves its name on Escape [page.threads]', async () => {
    gateway.addThread('Old name', ['no rows at all'])
    await visit()
    const item = page.getByTestId('thread-item')
    const rename = async (name: string, key: string) => {
      await item.hover()
      await item.getByRole('button', { name: /^Rename/ }).click()
      await page.getByLabel('Name of the thread').fill(name)
      await page.keyboard.press(key)
    }
    await rename('Not this', 'Escape')
    expect(await item.innerText()).toBe('Old name')
    await rename('New name', 'Enter')
    await expect.poll(() => item.innerText()).toBe('New name')
    await expect.poll(() => gateway.threads[0]?.title).toBe('New name')
  })

  it('deletes one, which can be undone until the message goes [page.threads]', async () => {
    const thread = gateway.addThread('To delete', ['no rows at all'])
    await visit(`/t/${thread.id}`)
    await page.getByTestId('turn').waitFor()
    const remove = async () => {
      await page.getByTestId('thread-item').hover()
      await page.getByRole('button', { name: /^Delete/ }).click()
      await page.getByTestId('empty').waitFor()
      expect(await page.getByTestId('thread-item').count()).toBe(0)
    }
    await remove()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByTestId('turn').waitFor()
    expect(gateway.threads).toHaveLength(1)
    await remove()
    await page.getByRole('button', { name: 'Close the message' }).click()
    await expect.poll(() => gateway.threads.length).toBe(0)
    await page.reload()
    await page.getByText('Your questions will be listed here.').waitFor()
  })

  it('deletes what was deleted also when the page is left before the message goes [page.threads]', async () => {
    gateway.addThread('To delete', ['no rows at all'])
    await visit()
    await page.getByTestId('thread-item').hover()
    await page.getByRole('button', { name: /^Delete/ }).click()
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    await page.reload()
    await expect.poll(() => gateway.threads.length).toBe(0)
  })

  it('shows that it loads, and says when a thread is gone', async () => {
    const thread = gateway.addThread('Slow to load', ['no rows at all'])
    gateway.hold = true
    await visit(`/t/${thread.id}`)
    await page.getByRole('status', { name: 'Loading the thread' }).waitFor()
    gateway.hold = false
    gateway.release()
    await page.getByText('No flight left').waitFor()
    expected = /404/
    await page.goto(`${gateway.url}/t/none`)
    expect(await page.getByTestId('notice').innerText()).toContain('This thread is gone')
  })

  it('takes a thumb up, changes it to down, and takes it back [page.feedback]', async () => {
    await visit()
    await open.ask('no rows at all')
    const pressed = async () => [
      await last('thumb-up').getAttribute('aria-pressed'),
      await last('thumb-down').getAttribute('aria-pressed'),
    ]
    const vote = () => [...gateway.votes.values()]
    await last('thumb-up').click()
    await expect.poll(vote).toEqual(['up'])
    expect(await pressed()).toEqual(['true', 'false'])
    await last('thumb-down').click()
    await expect.poll(vote).toEqual(['down'])
    await page.reload()
    await last('thumb-down').waitFor()
    expect(await pressed()).toEqual(['false', 'true'])
    await last('thumb-down').click()
    await expect.poll(vote).toEqual([null])
    expect(await pressed()).toEqual(['false', 'false'])
  })
})

describe('markup in the data', () => {
  it('is text in values, column names, titles, answers, SQL and suggestions [safety.escape]', async () => {
    gateway.addThread(EVIL, [])
    await visit()
    await open.ask('bars with markup')
    await last('chart').locator('.apexcharts-series').first().waitFor()
    expect(await last('answer-text').innerText()).toContain(EVIL)
    expect(await last('table').locator('thead').innerText()).toContain(EVIL)
    expect(await last('table').locator('tbody td:first-child').allInnerTexts()).toEqual([EVIL, '&lt;b&gt;'])
    expect(await page.getByTestId('thread-item').filter({ hasText: 'img' }).innerText()).toBe(EVIL)
    await last('tab-sql').click()
    expect(await last('sql').innerText()).toContain(EVIL)
    await pageHasNoMarkup()
    await open.ask(EVIL)
    expect(await page.getByTestId('turn').last().getByRole('heading').innerText()).toBe(EVIL)
    await pageHasNoMarkup()
  })

  it.each(['bars with markup', 'lines with markup'])(
    'is text in the tooltip of a chart: %s [safety.escape]',
    async (question) => {
      await visit()
      await open.ask(question)
      const chart = last('chart')
      await chart.locator('.apexcharts-series path').first().waitFor()
      const box = await chart.locator('.apexcharts-series path').first().boundingBox()
      if (!box) throw new Error('nothing is drawn')
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 3 })
      const tip = chart.locator('.apexcharts-tooltip.apexcharts-active')
      await tip.waitFor()
      expect(await tip.innerText()).toContain('img src=x')
      expect(await tip.locator('img, script').count()).toBe(0)
      await pageHasNoMarkup()
    },
  )
})

describe('connection and access', () => {
  it('ends a question whose connection goes, says so, and comes back by itself', async () => {
    expected = /WebSocket|503/
    await visit()
    await page.getByTestId('question-box').fill(SLOW)
    await page.keyboard.press('Enter')
    await last('steps').getByText('Running it on').first().waitFor()
    gateway.away = true
    gateway.dropSockets()
    await page.getByTestId('lost').waitFor()
    expect(await last('notice').innerText()).toContain('The connection was lost')
    gateway.away = false
    await page.getByTestId('lost').waitFor({ state: 'detached' })
    expect(await open.ask('no rows at all')).toBe('answered')
  })

  it('asks for the link when nobody is signed in, and lets in with its token', async () => {
    expected = /401/
    gateway.signedOut = true
    await visit()
    await page.getByTestId('sign-in').waitFor()
    await page.getByLabel('Link or token').fill('wrong')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('alert').innerText()).toContain('plumbline link')
    await page.getByLabel('Link or token').fill(`${gateway.url}/?token=${TOKEN}`)
    await page.keyboard.press('Enter')
    await page.getByTestId('suggestion').first().waitFor()
    expect(await open.ask('no rows at all')).toBe('answered')
  })

  it('asks for the link when the session ends while the page is open', async () => {
    expected = /401|WebSocket/
    await visit()
    await page.getByTestId('suggestion').first().waitFor()
    await open.ask('no rows at all')
    gateway.signedOut = true
    gateway.away = true
    gateway.dropSockets()
    await page.getByTestId('sign-in').waitFor()
  })

  it('shows what the data holds and finds a column in it', async () => {
    await visit()
    await page.getByTestId('source-card').first().click()
    const data = page.getByTestId('data-page')
    await data.getByText('336,776 rows').waitFor()
    await page.getByRole('searchbox').fill('wind')
    await data.getByText('wind_speed').waitFor()
    expect(await data.innerText()).toContain('masked for you')
    expect(await data.innerText()).not.toContain('dep_delay')
    await page.getByRole('searchbox').fill('nothing like this')
    await data.getByText('Nothing here is called').waitFor()
  })

  it('says when the data can not be reached, and tries again', async () => {
    expected = /500/
    gateway.catalogFails = true
    await visit()
    const again = page.getByTestId('empty').getByRole('button', { name: 'Try again' })
    await again.waitFor()
    gateway.catalogFails = false
    await again.click()
    await page.getByTestId('suggestion').first().waitFor()
  })
})

describe('for everyone', () => {
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.id ?? '')

  it('works by keyboard alone: slash, Enter, Tab to a choice, Escape [page.access]', async () => {
    await visit()
    await page.getByTestId('suggestion').first().waitFor()
    await page.getByTestId('theme').focus()
    await page.keyboard.press('/')
    expect(await focused()).toBe('question-box')
    await page.keyboard.type('average delay by airline')
    await page.keyboard.press('Enter')
    await page.getByTestId('choice').first().waitFor()
    while ((await focused()) !== 'choice') await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByTestId('turn').nth(1).and(page.locator('[data-status="answered"]')).waitFor()
    await last('tab-table').focus()
    await page.keyboard.press('ArrowRight')
    await last('sql').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type(SLOW)
    await page.keyboard.press('Enter')
    await last('steps').getByText('Running it on').first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByTestId('turn').nth(2).and(page.locator('[data-status="failed"]')).waitFor()
    await page.keyboard.press('ArrowUp')
    expect(await page.getByTestId('question-box').inputValue()).toBe(SLOW)
  })

  it('gives every control a name, and every heading its place [page.access]', async () => {
    gateway.addThread('A thread', ['no rows at all'])
    await visit()
    await open.ask('number of flights by destination')
    await last('chart').locator('.apexcharts-series').first().waitFor()
    const tree = await page.locator('body').ariaSnapshot()
    expect(tree).not.toMatch(/- (button|link|textbox|combobox|tab|searchbox)( \[[^\]]*\])*:?\s*$/m)
    for (const part of ['navigation "Threads"', 'main', 'tab "Receipt"', 'columnheader']) expect(tree).toContain(part)
    // Speaks the end of an answer to a screen reader.
    expect(await last('steps').locator('[aria-live="polite"]').innerText()).toContain('Answered in')
  })

  it.each(['light', 'dark'] as const)(
    'is readable in the %s theme: every text has contrast 4.5 [page.access]',
    async (colorScheme) => {
      await visit('/', { colorScheme })
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(colorScheme)
      await open.ask('average departure delay by month')
      await last('tab-sql').click()
      const sql = await tooPale(page)
      await last('tab-receipt').click()
      const receipt = await tooPale(page)
      await open.ask('average delay by airline')
      await open.ask('a question that breaks')
      expect([sql, receipt, await tooPale(page)]).toEqual([[], [], []])
    },
  )

  it('changes the theme and remembers it [page.access]', async () => {
    await visit()
    await page.getByRole('button', { name: 'Dark theme' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Light theme' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  })

  it('is dark from its first paint, before its script has come, and follows the system [page.access]', async () => {
    await visit('/', { colorScheme: 'dark' })
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const dark = await ground()
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(ground).not.toBe(dark)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.route('**/assets/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }))
    await page.reload()
    expect([await ground(), await page.locator('#app > *').count()]).toEqual([dark, 0])
  })

  it('fits a phone: nothing wider than it, the threads in a drawer [page.access]', async () => {
    gateway.addThread('An older thread', ['no rows at all'])
    await visit('/', { viewport: { width: 360, height: 740 }, hasTouch: true })
    for (const question of [
      'top destinations by number of flights',
      'departure delay by hour and month',
      'bars with markup',
    ]) {
      await open.ask(question)
      await last('chart').locator('.apexcharts-series').first().waitFor()
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
      // Only regions that scroll by themselves may be wider than the screen.
      const wide = await page
        .locator('[data-testid="turn"]')
        .last()
        .evaluate((turn) =>
          [...turn.querySelectorAll('*')]
            .filter(
              (node) =>
                node.getBoundingClientRect().right > 361 &&
                !node.closest('[role="region"], svg, .apexcharts-canvas, .sr-only'),
            )
            .map((node) => node.outerHTML.slice(0, 80)),
        )
      expect(wide).toEqual([])
    }
    await page.getByTestId('menu').click()
    const link = page.getByTestId('thread-item').filter({ hasText: 'older' }).getByRole('link')
    await expect.poll(() => link.isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await expect.poll(() => link.isVisible()).toBe(false)
    await page.getByTestId('menu').click()
    await link.click()
    await page.getByText('No flight left').waitFor()
    await expect.poll(() => link.isVisible()).toBe(false)
  })

  it('moves nothing for people who want no motion [page.access]', async () => {
    await visit('/', { reducedMotion: 'reduce' })
    await page.getByTestId('question-box').fill(SLOW)
    await page.keyboard.press('Enter')
    await last('steps').getByText('Running it on').first().waitFor()
    const running = () =>
      page.evaluate(() => document.getAnimations().filter((animation) => animation.playState === 'running').length)
    await expect.poll(running).toBe(0)
  })

  it('shows the dark theme at once to people who want no motion, down to the last word [page.access]', async () => {
    expected = /404/
    await visit('/t/none', { colorScheme: 'dark' })
    for (let i = 0; i < 12; i++) {
      await page.getByTestId('notice').waitFor()
      const colours = await page.evaluate(() =>
        ['body', '[data-testid="notice"] p'].map(
          (one) => getComputedStyle(document.querySelector(one) as Element).color,
        ),
      )
      expect(colours[1]).toBe(colours[0])
      await page.reload()
    }
  })

  it('fetches nothing from elsewhere', async () => {
    await visit()
    await page.getByTestId('suggestion').first().waitFor()
    const foreign = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map((entry) => entry.name)
        .filter((name) => !name.startsWith(location.origin)),
    )
    expect(foreign).toEqual([])
  })
})

/** Changes the theme and waits for the new chart. */
async function drawAgain(): Promise<void> {
  const box = document.querySelector('[data-testid="chart"]')
  const before = box?.querySelector('svg')
  document.querySelector<HTMLElement>('[data-testid="theme"]')?.click()
  await new Promise<void>((done) => {
    const look = () => {
      const svg = box?.querySelector('svg')
      if (svg && svg !== before && svg.querySelector('.apexcharts-series')) done()
      else requestAnimationFrame(look)
    }
    look()
  })
}
