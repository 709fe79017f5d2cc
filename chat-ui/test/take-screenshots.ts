// Pictures of every state of the page, in both themes and at phone width, for people to look at.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { buildPage, launchBrowser, openPage } from './open-page.ts'
import { SAMPLES } from './sample-answers.ts'
import { type ScriptedGateway, SLOW, startGateway } from './scripted-gateway.ts'
import { shootAdmin } from './shoot-admin.ts'

const out = join(import.meta.dirname, 'screenshots')
const VARIANTS = [
  { name: 'light', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'dark', width: 1280, height: 900, colorScheme: 'dark' },
  { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
  { name: 'phone-dark', width: 390, height: 844, colorScheme: 'dark' },
] as const

/** A picture as tall as the content, not as the window. */
async function shoot(page: Page, name: string) {
  const size = page.viewportSize()
  const tall = await page.evaluate(() => {
    const scroller = document.querySelector('#main .overflow-y-auto')
    return scroller ? scroller.scrollHeight - scroller.clientHeight : 0
  })
  if (size && tall > 0) await page.setViewportSize({ width: size.width, height: size.height + tall })
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: join(out, `${name}.png`) })
  if (size) await page.setViewportSize(size)
}

const optionsOf = (variant: (typeof VARIANTS)[number]) => ({
  viewport: { width: variant.width, height: variant.height },
  colorScheme: variant.colorScheme,
  hasTouch: variant.width < 500,
})

async function shootAll(gateway: ScriptedGateway, variant: (typeof VARIANTS)[number]) {
  const options = optionsOf(variant)
  gateway.threads.length = 0
  gateway.addThread('average arrival delay by month for United', ['average departure delay by month'], 3)
  gateway.addThread('Which airline had the worst average departure delay in the summer?', ['no rows at all'], 2)
  const only = process.argv[2]
  for (const [i, question] of Object.keys(SAMPLES).entries()) {
    const name = `${variant.name}-${String(i + 10)}-${question.replace(/\W+/g, '-').slice(0, 40)}`
    if (only && !name.includes(only)) continue
    await using open = await openPage(browser, gateway.url, options)
    const status = await open.ask(question)
    if (status === 'answered' && SAMPLES[question]?.chart && SAMPLES[question].chart.kind !== 'number')
      await open.page.getByTestId('chart').locator('svg').first().waitFor()
    await shoot(open.page, name)
    if (!only && i === 1) {
      for (const tab of ['sql', 'receipt']) {
        await open.page.getByTestId(`tab-${tab}`).click()
        await shoot(open.page, `${variant.name}-${i + 10}-${tab}`)
      }
      await open.page.getByTestId('steps').getByRole('button').click()
      await open.page.getByTestId('thumb-up').click()
      await open.page.getByTestId('chart').locator('.apexcharts-series path').first().hover({ force: true })
      await shoot(open.page, `${variant.name}-${i + 10}-steps-vote-tooltip`)
    }
  }
  if (only) return
  await using open = await openPage(browser, gateway.url, options)
  const { page } = open
  await page.getByTestId('suggestion').first().waitFor()
  await shoot(page, `${variant.name}-01-empty`)
  await page.getByTestId('question-box').fill(SLOW)
  await page.getByTestId('question-box').press('Enter')
  await page.getByText('Running it on').first().waitFor()
  await shoot(page, `${variant.name}-02-running`)
  await page.getByTestId('stop').click()
  await page.getByTestId('try-again').waitFor()
  await shoot(page, `${variant.name}-03-stopped`)
  gateway.away = true
  gateway.dropSockets()
  await page.getByTestId('lost').waitFor()
  await shoot(page, `${variant.name}-04-lost`)
  gateway.away = false
  if (variant.width < 500) {
    await page.getByTestId('menu').click()
    await shoot(page, `${variant.name}-05-drawer`)
    await page.keyboard.press('Escape')
  } else {
    await page.getByTestId('thread-item').first().hover()
    await page
      .getByRole('button', { name: /^Delete/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    await shoot(page, `${variant.name}-05-undo`)
  }
  await page.goto(`${gateway.url}/data`)
  await page.getByTestId('data-page').waitFor()
  await shoot(page, `${variant.name}-06-data`)
  await page.getByRole('searchbox').fill('wind')
  await shoot(page, `${variant.name}-07-data-search`)
  gateway.hold = true
  await page.goto(`${gateway.url}/t/${gateway.threads[0]?.id}`)
  await page.getByLabel('Loading the thread').waitFor()
  await shoot(page, `${variant.name}-08-loading`)
  gateway.hold = false
  gateway.release()
  await page.goto(`${gateway.url}/t/none`)
  await page.getByTestId('notice').waitFor()
  await shoot(page, `${variant.name}-09-gone`)
  gateway.signedOut = true
  await page.goto(gateway.url)
  await page.getByTestId('sign-in').waitFor()
  await shoot(page, `${variant.name}-30-sign-in`)
  gateway.signedOut = false
}

// `admin` takes only the pages for those who look after Plumbline; other words, the questions that hold them.
await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
const built = await buildPage()
const browser = await launchBrowser()
try {
  await using gateway = await startGateway(built.dir)
  for (const variant of VARIANTS) {
    if (process.argv[2] !== 'admin') await shootAll(gateway, variant)
    if (process.argv[2] && process.argv[2] !== 'admin') continue
    await using own = await startGateway(built.dir)
    await using open = await openPage(browser, own.url, optionsOf(variant))
    await shootAdmin(open.page, own, (page, name) => shoot(page, `${variant.name}-${name}`))
  }
} finally {
  await browser.close()
  await built.remove()
}
console.log(`The pictures are in ${out}`)
