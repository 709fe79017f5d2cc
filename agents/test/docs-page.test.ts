import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Gateway, runGateway, temporaryState } from '../src/gateway/testing/running-gateway.ts'
import { CHROMIUM, FLAGS } from './open-browser.ts'

let gateway: Gateway
let browser: Browser
let remove: () => Promise<void>
beforeAll(async () => {
  const temporary = await temporaryState()
  remove = temporary.remove
  gateway = await runGateway(temporary.state)
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
})
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
  await remove?.()
})

it('the API is described on a page that breaks no content-security policy [security.edges]', async () => {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${gateway.url}/?token=${gateway.loginTokens.issue()}`)
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) errors.push(message.text())
  })
  await page.goto(`${gateway.url}/api/docs/`)
  await page.locator('.opblock').first().click()
  await page.locator('.opblock-body').waitFor()
  expect(errors).toEqual([])
})

it('a page without script has its own style, and no other can be put into it [security.edges]', async () => {
  const page = await (await browser.newContext()).newPage()
  const refused: string[] = []
  page.on('console', (message) => {
    if (message.text().includes('style-src-elem')) refused.push(message.text())
  })
  await page.goto(gateway.url)
  expect(await page.title()).toContain('A link is needed')
  expect(await page.evaluate(`getComputedStyle(document.body).maxWidth`)).toBe('544px')
  expect(refused).toEqual([])
  await page.evaluate(
    `document.head.append(Object.assign(document.createElement('style'), { textContent: 'body { max-width: 9px }' }))`,
  )
  expect(await page.evaluate(`getComputedStyle(document.body).maxWidth`)).toBe('544px')
  expect(refused).toHaveLength(1)
})
