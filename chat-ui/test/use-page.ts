import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { buildPage, launchBrowser, type OpenPage, openPage } from './open-page.ts'
import { type ScriptedGateway, startGateway } from './scripted-gateway.ts'

export interface PageInTest {
  readonly page: Page
  readonly open: OpenPage
  readonly gateway: ScriptedGateway
  /** Console errors that a test brings about on purpose, such as a refused request. */
  expected: RegExp | null
  visit(path?: string, options?: Parameters<typeof openPage>[2]): Promise<void>
}

/** A page and a gateway of its own for each test of a file. No error and no breach of the security policy may be left. */
export function usePage(): PageInTest {
  let built: Awaited<ReturnType<typeof buildPage>>
  let browser: Browser
  let gateway: ScriptedGateway
  let open: OpenPage | undefined
  const opened = () => {
    if (!open) throw new Error('visit a page first')
    return open
  }
  const inTest: PageInTest = {
    get page() {
      return opened().page
    },
    get open() {
      return opened()
    },
    get gateway() {
      return gateway
    },
    expected: null,
    async visit(path = '/', options = {}) {
      open = await openPage(browser, `${gateway.url}${path}`, options)
    },
  }
  beforeAll(async () => {
    ;[built, browser] = await Promise.all([buildPage(), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await built?.remove()
  })
  beforeEach(async () => {
    inTest.expected = null
    open = undefined
    gateway = await startGateway(built.dir)
  })
  afterEach(async () => {
    const errors = open?.errors.filter((error) => !inTest.expected?.test(error)) ?? []
    await open?.[Symbol.asyncDispose]()
    await gateway[Symbol.asyncDispose]()
    expect(errors).toEqual([])
  })
  return inTest
}
