import { describe, expect, it } from 'vitest'
import { PEOPLE } from './sample-policies.ts'
import { tooPale } from './too-pale.ts'
import { usePage } from './use-page.ts'

const test = usePage()
const id = (name: string) => test.page.getByTestId(name)
const account = () => id('account').filter({ visible: true })
const button = (name: string | RegExp) => test.page.getByRole('button', { name })

describe('API keys', () => {
  it('shows a new key once, lists it, and revokes it after asking [page.keys]', async () => {
    await test.visit('/keys')
    await id('make-key').click()
    await test.page.getByLabel('What it is for').fill('Nightly report')
    await test.page.getByLabel(/^Read threads/).uncheck()
    await button('Make the key').click()
    const secret = await id('secret').innerText()
    // It is not lost by a key or a click beside it.
    await test.page.keyboard.press('Escape')
    await test.page.mouse.click(5, 5)
    await button('Copy the key').click()
    await expect.poll(() => test.page.evaluate(() => navigator.clipboard.readText())).toBe(secret)
    await button('I have copied it').click()
    await id('key').waitFor()
    expect(test.gateway.admin.keys[0]).toMatchObject({ name: 'Nightly report', scopes: ['ask'] })
    expect(await test.page.content()).not.toContain(secret)
    expect(await id('key').innerText()).toContain('never used')
    await button('Revoke Nightly report').click()
    await id('confirm').getByRole('button', { name: 'Cancel' }).click()
    expect(test.gateway.admin.keys[0]?.status).toBe('active')
    await button('Revoke Nightly report').click()
    await id('confirm').getByRole('button', { name: 'Revoke' }).click()
    await id('key').and(test.page.locator('[data-status="revoked"]')).waitFor()
  })
})

describe('people', () => {
  it('are listed with their roles, and one can be kept out and let in again [page.people]', async () => {
    test.gateway.admin.people = structuredClone([...PEOPLE])
    await test.visit('/people')
    const cy = id('person').filter({ hasText: 'Cy Young' })
    expect(await cy.innerText()).toMatch(/no role: sees nothing[\s\S]*not seen yet/)
    await button('Disable Cy Young').click()
    await id('confirm').getByRole('button', { name: 'Disable' }).click()
    await cy.and(test.page.locator('[data-disabled="true"]')).waitFor()
    await button('Enable Cy Young').click()
    await id('confirm').getByRole('button', { name: 'Enable' }).click()
    await cy.and(test.page.locator('[data-disabled="false"]')).waitFor()
  })
})

describe('a query over its budget', () => {
  const BIG = 'every pair of flights in the air together'
  it('says how much, and offers to narrow it or to ask for approval [page.approvals]', async () => {
    await test.visit()
    expect(await test.open.ask(BIG)).toBe('approval')
    await id('approval').getByText('This would read about 3.2 bn rows; your budget is 100 M.').waitFor()
    await id('narrow').click()
    await expect.poll(() => id('question-box').inputValue()).toBe(BIG)
    await id('ask-approval').click()
    await test.page.getByLabel('Why you need it').fill('The yearly report')
    await button('Send').click()
    await id('approval').and(test.page.locator('[data-state="requested"]')).waitFor()
    expect(test.gateway.admin.approvals[0]).toMatchObject({ state: 'requested', comment: 'The yearly report' })
    // What was decided shows by itself; the answer takes the place of the offer.
    const [thread] = test.gateway.threads
    const [answer] = thread?.answers ?? []
    Object.assign(answer ?? {}, { status: 'answered', approval: null, text: 'There were 41 pairs.' })
    Object.assign(test.gateway.admin.approvals[0] ?? {}, { state: 'used' })
    await test.page.getByText('There were 41 pairs.').waitFor()
  })

  it('is approved, or declined with a reason, by those who may [page.approvals]', async () => {
    for (const title of ['one', 'two']) test.gateway.addThread(title, [BIG])
    test.gateway.admin.approvals.forEach((one, i) => {
      Object.assign(one, { id: `ap${i}`, state: 'requested', asker: { id: 'cy', name: `Cy ${i}` } })
    })
    await test.visit('/approvals')
    await account().getByRole('img', { name: 'Approvals wait' }).waitFor()
    const row = (i: number) => id('approval-row').filter({ hasText: `Cy ${i}` })
    await row(0).getByRole('button', { name: 'Approve' }).click()
    await row(0).waitFor({ state: 'detached' })
    await row(1).getByRole('button', { name: 'Decline' }).click()
    await test.page.getByLabel('Why not').fill('Too much at noon')
    await row(1).getByRole('button', { name: 'Decline', exact: true }).click()
    await test.page.getByText('Nothing waits for you').waitFor()
    expect(test.gateway.admin.approvals.map((one) => one.state)).toEqual(['approved', 'declined'])
    await test.page.getByLabel('Also what was decided').check()
    await id('approval-row').getByText('“Too much at noon”').waitFor()
  })
})

describe('a shared answer', () => {
  it('gets a link that can be copied and taken back [page.share]', async () => {
    test.expected = /404/
    await test.visit()
    await test.open.ask('average departure delay by month')
    await id('share').click()
    await button('Make a link').click()
    const url = await id('share-url').innerText()
    expect(url).toMatch(new RegExp(`^${test.gateway.url}/s/`))
    await button('Take the link back').click()
    await test.page.getByText('Nobody can open it any more.').waitFor()
    expect(test.gateway.admin.shared.size).toBe(0)
    await test.page.goto(url)
    await test.page.getByText('This link is gone').waitFor()
  })

  it('is shown as computed for who opens it, and says so [page.share]', async () => {
    const [answer] = test.gateway.addThread('A thread', ['average departure delay by month']).answers
    if (!answer) throw new Error('no answer')
    test.gateway.admin.shared.set('x', { answer, sharedBy: 'Ben Okafor', recomputed: true })
    await test.visit('/s/x')
    expect(await id('shared-by').innerText()).toContain('Computed anew for you, under your own rules')
    await id('shared').getByTestId('chart').locator('.apexcharts-series').first().waitFor()
    expect(await id('shared').locator('tbody tr').count()).toBe(12)
    await id('tab-receipt').click()
    expect(await id('receipt-lineage').innerText()).toContain('flights.dep_delay')
    // What is not the viewer's is not asked for.
    expect(await id('show-graph').count()).toBe(0)
  })
})

describe('who is there', () => {
  it('sees in the menu only what their roles let them do [page.sign-in]', async () => {
    await test.visit()
    await account().click()
    const links = () => id('account-menu').getByRole('link').allInnerTexts()
    expect(await links()).toEqual(['Policies', 'Audit log', 'What uses a column', 'Approvals', 'People', 'API keys'])
    expect(await id('account-menu').innerText()).toContain('Roles: analyst')
    await id('account-menu').getByText('Today: $0.12 of $5.00, 12,400 tokens').waitFor()
    await test.page.keyboard.press('Escape')
    expect(await id('account-menu').count()).toBe(0)
    test.gateway.admin.permissions = ['ask']
    await test.page.reload()
    await account().click()
    expect(await links()).toEqual([])
    await test.open.ask('no rows at all')
    expect(await id('share').count()).toBe(0)
  })

  it.each([
    ['/policies', 'policies.read'],
    ['/audit', 'audit.read'],
    ['/impact', 'lineage.read'],
    ['/approvals', 'approve'],
    ['/keys', 'keys.manage'],
    ['/people', 'users.manage'],
  ])('is told what is missing at %s, and nothing is asked for [page.sign-in]', async (path, permission) => {
    test.gateway.admin.permissions = ['ask']
    await test.visit(path)
    expect(await id('no-access').innerText()).toContain(permission)
    const asked = await test.page.evaluate(() =>
      performance.getEntriesByType('resource').flatMap((one) => (/\/api\/(.*)/.exec(one.name) ?? []).slice(1)),
    )
    expect(asked.toSorted()).toEqual(['catalog', 'me', 'threads'])
  })

  it('is told so when they have no role yet [page.sign-in]', async () => {
    test.gateway.admin.permissions = []
    await test.visit('/')
    await id('no-access').getByText('Your roles do not let you ask questions.').waitFor()
    expect(await id('question-box').count()).toBe(0)
  })

  it('is told so when their roles show them no data [page.sign-in]', async () => {
    test.gateway.noData = true
    await test.visit('/')
    await id('no-data').getByText('Your roles do not let you read any data yet.').waitFor()
    await id('source-card').first().click()
    await id('data-page').getByText('Your roles do not let you read any data yet.').waitFor()
  })

  it('goes on with the identity provider to the page they came for [page.sign-in]', async () => {
    test.expected = /401/
    test.gateway.signedOut = true
    test.gateway.admin.methods = { oidc: { url: '/api/auth/login', issuer: 'https://acme.okta.com' }, link: false }
    await test.visit('/audit?outcome=refused')
    const link = id('continue')
    expect(await link.innerText()).toBe('Continue with Okta')
    expect(await link.getAttribute('href')).toBe('/api/auth/login?return=%2Faudit%3Foutcome%3Drefused')
    expect(await test.page.getByLabel('Link or token').count()).toBe(0)
  })

  it('signs out [page.sign-in]', async () => {
    test.expected = /401|WebSocket/
    await test.visit()
    await account().click()
    await button('Sign out').click()
    await id('sign-in').waitFor()
  })
})

describe('for everyone', () => {
  const PAGES = [
    '/policies',
    '/audit',
    '/lineage/a2',
    '/impact?source=flights&table=flights',
    '/keys',
    '/approvals',
    '/people',
  ]
  const READY = ['policy-summary', 'audit-table', 'lineage-table', 'impact', 'none', 'approval-row', 'person']

  it.each(['light', 'dark'] as const)(
    'is readable in the %s theme, every control has a name, and nothing is wider than a phone [page.access]',
    async (colorScheme) => {
      const { admin } = test.gateway
      test.gateway.addThread('A thread', ['every pair of flights in the air together'])
      admin.people = structuredClone([...PEOPLE])
      for (const one of admin.approvals) Object.assign(one, { state: 'requested' })
      await test.visit('/', { colorScheme, viewport: { width: 360, height: 740 }, hasTouch: true })
      for (const [i, path] of PAGES.entries()) {
        await test.page.goto(`${test.gateway.url}${path}`)
        await id(READY[i] ?? '')
          .first()
          .waitFor()
        expect([path, await tooPale(test.page)]).toEqual([path, []])
        const tree = await test.page.locator('body').ariaSnapshot()
        expect(tree).not.toMatch(/- (button|link|textbox|combobox|tab|searchbox|checkbox)( \[[^\]]*\])*:?\s*$/m)
        expect([path, await test.page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([path, 360])
      }
    },
  )

  it('loads the editor and the graph only with their pages', async () => {
    await test.visit()
    await test.open.ask('average departure delay by month')
    const loaded = () =>
      test.page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .map((entry) => entry.name)
          .join('\n'),
      )
    expect(await loaded()).not.toMatch(/PoliciesPage|LineageGraph|AuditPage/)
    await id('tab-receipt').click()
    await id('show-graph').click()
    await id('lineage-graph').waitFor()
    expect(await loaded()).toContain('LineageGraph')
  })
})
