import { describe, expect, it } from 'vitest'
import { usePage } from './use-page.ts'

const test = usePage()
const id = (name: string) => test.page.getByTestId(name)
const button = (name: string | RegExp) => test.page.getByRole('button', { name })

describe('the audit log', () => {
  it('lists the newest first, page by page, in UTC [page.audit]', async () => {
    await test.visit('/audit')
    await id('audit-row').first().waitFor()
    expect(await id('audit-row').count()).toBe(50)
    expect(await id('audit-row').first().innerText()).toContain('2 Nov 2026, 22:07:54')
    await button('Show older entries').click()
    await expect.poll(() => id('audit-row').count()).toBe(100)
    await button('Show older entries').click()
    await test.page.getByText('That is all of it.').waitFor()
    expect(await id('audit-row').count()).toBe(123)
  })

  it('is searched by words, outcome and table, and the address keeps it [page.audit]', async () => {
    await test.visit('/audit')
    await test.page.getByRole('searchbox').fill('tail number')
    await expect.poll(() => id('audit-row').count()).toBe(18)
    await test.page.getByLabel('How it ended').selectOption('refused')
    await button('Days, person, table').click()
    await test.page.getByLabel('Table, or table.column').fill('flights')
    await expect.poll(() => new URL(test.page.url()).search).toBe('?text=tail+number&outcome=refused&table=flights')
    await test.page.reload()
    await id('audit-row').first().waitFor()
    expect(await id('audit-row').count()).toBe(18)
    await test.page.getByRole('searchbox').fill('nothing like this')
    await test.page.getByText('No entry fits all of the filters').waitFor()
    await button('Clear all').click()
    await expect.poll(() => id('audit-row').count()).toBe(50)
  })

  it('opens an entry by keyboard: both SQL texts, rules, rows, cost and hash; Escape gives the focus back [page.audit]', async () => {
    await test.visit('/audit')
    const row = id('audit-row').filter({ hasText: 'average departure' }).first().getByRole('button')
    await row.focus()
    await test.page.keyboard.press('Enter')
    const entry = await id('audit-entry').innerText()
    for (const words of [
      'Ana Silva',
      'the page',
      'average departure delay by month',
      'own-airport, usual',
      'time_hour, dep_delay, origin',
      '336,776 rows, 12.4 MB to read',
      '$0.0021',
      '84 ms',
      'AS base WHERE origin',
      'Entry 120 of the chain',
    ])
      expect(entry).toContain(words)
    expect(await id('audit-entry').getByTestId('sql').count()).toBe(2)
    await test.page.keyboard.press('Escape')
    await id('audit-entry').waitFor({ state: 'detached' })
    expect(await row.evaluate((element) => element === document.activeElement)).toBe(true)
  })

  it('says whether the log is as it was written, and where it is not [page.audit]', async () => {
    await test.visit('/audit')
    await id('verify').click()
    await id('verdict').getByText('All 123 entries are as they were written.').waitFor()
    const fault = { kind: 'changed' as const, seq: 81, message: 'Entry 81 was changed.' }
    test.gateway.admin.verdict = { ok: false, checked: 81, head: { seq: 123, hash: 'a'.repeat(64) }, fault }
    await id('verify').click()
    await id('verdict').getByText('The log has been tampered with.').waitFor()
    await button('Show what is there').click()
    await id('audit-entry').getByText('Entry 81 of the chain').waitFor()
  })

  it('remembers what it has seen, so that a cut end shows [page.audit]', async () => {
    await test.visit('/audit')
    await id('verify').click()
    await id('verdict').getByText('All 123 entries are as they were written.').waitFor()
    await test.page.reload()
    await id('verify').click()
    await id('verdict').getByText('It also still holds the hash that this browser has kept').waitFor()
    test.gateway.admin.log.splice(100)
    await id('verify').click()
    await id('verdict').getByText('entry 123 was kept elsewhere and is gone').waitFor()
  })

  it('exports what the filter finds, as CSV and JSON lines [page.audit]', async () => {
    await test.visit('/audit?outcome=refused')
    for (const kind of ['csv', 'jsonl']) {
      await Promise.all([test.page.waitForEvent('download'), id(`export-${kind}`).click()])
    }
    expect(test.gateway.admin.exports).toEqual([
      '/api/audit/export?outcome=refused&format=csv',
      '/api/audit/export?outcome=refused&format=jsonl',
    ])
  })
})

describe('lineage', () => {
  const delay = 'average departure delay by month'
  it('is told in the receipt, a column a line, and drawn there on demand [page.lineage]', async () => {
    await test.visit()
    await test.open.ask(delay)
    await id('tab-receipt').click()
    const told = await id('receipt-lineage').innerText()
    expect(told).toMatch(/delay ←\s*(comes from)?\s*flights\.dep_delay/)
    expect(told).toContain('which rows: airlines.carrier, airlines.name, flights.carrier')
    expect(await id('receipt-policies').innerText()).toContain('Only flights from your own airport own-airport')
    await id('show-graph').click()
    await id('lineage-graph').waitFor()
    await test.page.getByRole('link', { name: 'On a page of its own' }).click()
    await test.page.getByRole('heading', { name: 'Where it comes from' }).waitFor()
    await test.page.getByRole('link', { name: 'Back to the answer' }).click()
    await id('turn').waitFor()
  })

  it('follows a column by keyboard and by pointer, and says the same in a table [page.lineage]', async () => {
    const answer = test.gateway.addThread('A thread', [delay]).answers[0]
    await test.visit(`/lineage/${answer?.id}`)
    const row = test.page.getByRole('button', { name: 'dep_delay; feeds average_departure_delay' })
    const lit = () => id('lineage-graph').locator('.row.on text').allTextContents()
    await row.focus()
    expect(await lit()).toEqual(['dep_delay', 'average_departure_delay'])
    expect(await id('lineage-graph').locator('.link.on').count()).toBe(1)
    await test.page.getByRole('button', { name: 'month; comes from time_hour' }).hover()
    await expect.poll(lit).toEqual(['time_hour', 'month'])
    const table = await id('lineage-table').innerText()
    expect(table).toMatch(/airline\s+airlines\.name/)
    expect(table).toContain('flights.origin, flights.carrier, airlines.carrier')
  })

  it('says when there is no such answer', async () => {
    test.expected = /404/
    await test.visit('/lineage/none')
    await test.page.getByText('There is no such answer').waitFor()
  })

  it('finds what uses a column, and what nothing uses [page.lineage]', async () => {
    await test.visit('/impact')
    await test.page.getByRole('combobox', { name: /^Table/ }).selectOption('flights')
    await test.page.getByRole('combobox', { name: /^Column/ }).selectOption('dep_delay')
    const told = await id('impact').innerText()
    for (const words of ['3 things use it; in 2 its values are shown', 'shown as month, average_departure_delay'])
      expect(told).toContain(words)
    // Only one's own answer can be opened.
    expect(await id('impact').getByRole('link').allInnerTexts()).toEqual([delay])
    expect(new URL(test.page.url()).search).toBe('?source=flights&table=flights&column=dep_delay')
    await test.page.getByRole('combobox', { name: /^Column/ }).selectOption('origin')
    await test.page.getByText('Nothing uses flights.origin').waitFor()
  })
})
