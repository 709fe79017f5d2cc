import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'

const CHROMIUM = '/usr/bin/chromium'
/** Debian's Chromium as root, without its own calls to the network. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Builds the page of this working tree into a folder of its own. */
export async function buildPage(): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'plumbline-page-'))
  await build({
    configFile: join(import.meta.dirname, '../vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: dir, emptyOutDir: true },
  })
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}

export function launchBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error('Chromium is not at /usr/bin/chromium: npm test installs it.')
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page
  /** Errors of the page and of its console, content-security violations among them. */
  readonly errors: string[]
  /** Types a question, sends it and waits until it has ended. Returns how. */
  ask(question: string): Promise<string>
}

/** A page of its own, with its own storage. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  await page.goto(url)
  return {
    page,
    errors,
    async ask(question) {
      const turns = page.getByTestId('turn')
      const before = await turns.count()
      await page.getByTestId('question-box').fill(question)
      await page.getByTestId('question-box').press('Enter')
      const turn = turns.nth(before)
      await turn.and(page.locator(':not([data-status="running"])')).waitFor()
      return (await turn.getAttribute('data-status')) ?? ''
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}
