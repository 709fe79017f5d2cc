import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { loadConfig } from '../src/config.ts'
import { type StartedServer, startServer } from '../src/gateway/server.ts'

export const CHROMIUM = '/usr/bin/chromium'
/** Debian's Chromium as root, without its own calls to the network. */
export const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface PageUnderTest extends AsyncDisposable {
  readonly server: StartedServer
  readonly dataDir: string
  readonly context: BrowserContext
  readonly page: Page
  /** Errors of the page and of its console, content-security violations among them. */
  readonly errors: string[]
  /** Types a question, sends it and waits until it has ended. Returns how. */
  ask(question: string): Promise<string>
}

/** The real server with the demo data, and the built page in a real Chromium. */
export async function openBrowser(options: { width?: number; dark?: boolean } = {}): Promise<PageUnderTest> {
  if (!existsSync(CHROMIUM)) throw new Error('Chromium is not at /usr/bin/chromium: npm test installs it.')
  const dataDir = await mkdtemp(join(tmpdir(), 'plumbline-page-'))
  const server = await startServer(
    loadConfig({
      PLUMBLINE_DATA_DIR: dataDir,
      PLUMBLINE_PORT: '0',
      PLUMBLINE_MODEL: 'none',
      PLUMBLINE_LOG_LEVEL: 'silent',
      PLUMBLINE_RATE_LIMIT: '0',
    }),
  )
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(`${server.url}/?token=${server.token}`)
  await page.getByTestId('question-box').waitFor()
  return {
    server,
    dataDir,
    context,
    page,
    errors,
    async ask(question) {
      const turns = page.getByTestId('turn')
      const before = await turns.count()
      await page.getByTestId('question-box').fill(question)
      await page.keyboard.press('Enter')
      const turn = turns.nth(before)
      await turn.and(page.locator(':not([data-status="running"])')).waitFor()
      return (await turn.getAttribute('data-status')) ?? ''
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await server.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
