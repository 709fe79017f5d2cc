import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../agents/test/open-browser.ts'

// node scripts/screenshot.ts: the picture of the README, from the real page and data.
const folder = fileURLToPath(new URL('../docs/images', import.meta.url))
mkdirSync(folder, { recursive: true })

await using test = await openBrowser({ width: 1280 })
await test.ask('Which airline had the worst average departure delay?')
await test.page.getByTestId('new-question').first().click()
await test.page.getByTestId('empty').waitFor()
await test.ask('compare the cancellation rate of JFK and LGA by month')
await test.page.locator('[data-testid=chart] svg path').first().waitFor()
await test.page.getByTestId('tab-receipt').last().click()
await test.page.setViewportSize({ width: 1280, height: 1180 })
await test.page.getByTestId('receipt').waitFor()
await test.page.screenshot({ path: `${folder}/answer.png` })
console.log('wrote docs/images/answer.png')
process.exit()
