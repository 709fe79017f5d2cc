import type { Page } from 'playwright-core'
import { PEOPLE } from './sample-policies.ts'
import type { ScriptedGateway } from './scripted-gateway.ts'

type Shoot = (page: Page, name: string) => Promise<void>

/** Pictures of the pages for those who look after Plumbline. */
export async function shootAdmin(page: Page, gateway: ScriptedGateway, shoot: Shoot): Promise<void> {
  const { admin } = gateway
  const go = (path: string) => page.goto(`${gateway.url}${path}`)
  const phone = (page.viewportSize()?.width ?? 0) < 500

  await go('/policies')
  await page.getByTestId('policy-summary').waitFor()
  await page.getByTestId('editor').first().locator('.cm-line').first().waitFor()
  await shoot(page, '40-policies')
  await page.getByTestId('editor').first().locator('.cm-line', { hasText: 'roles: [admin]' }).click()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.type('nobody')
  await page.getByTestId('faults').waitFor()
  await shoot(page, '41-policies-fault')
  for (let i = 0; i < 6; i++) await page.keyboard.press('Backspace')
  await page.keyboard.press('End')
  await page.keyboard.type(' # reads all')
  await page.getByTestId('save').and(page.locator(':enabled')).click()
  await page.getByTestId('save-dialog').waitFor()
  await shoot(page, '42-policies-save')
  await page.keyboard.press('Escape')
  await page.getByTestId('tab-dry-run').click()
  await page.getByLabel('with airport').fill('JFK')
  await page.getByRole('button', { name: 'Show what it becomes' }).click()
  await page.getByTestId('dry-run-result').waitFor()
  await shoot(page, '43-policies-dry-run')
  await page.getByTestId('tab-document').click()
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByTestId('tab-history').click()
  await page.getByTestId('versions').getByRole('button').nth(1).click()
  await page.getByTestId('diff').waitFor()
  await shoot(page, '44-policies-history')
  const { versions } = admin.policies
  Object.assign(admin.policies, { versions: [] })
  await go('/policies')
  await page.getByTestId('starter').waitFor()
  await shoot(page, '45-policies-none')
  Object.assign(admin.policies, {
    versions,
    editable: false,
    origin: { kind: 'file', name: 'policies.yaml', fault: null },
  })
  await go('/policies')
  await page.getByTestId('read-only').waitFor()
  await shoot(page, '46-policies-file')
  Object.assign(admin.policies, { editable: true, origin: { kind: 'store' } })

  admin.log.splice(24)
  await go('/audit')
  await page.getByTestId('audit-row').first().waitFor()
  await page.getByTestId('verify').click()
  await page.getByTestId('verdict').waitFor()
  await shoot(page, '50-audit')
  await page.getByTestId('audit-row').filter({ hasText: 'average departure' }).first().getByRole('button').click()
  await page.getByTestId('audit-entry').waitFor()
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running'))
  await shoot(page, '51-audit-entry')
  await page.keyboard.press('Escape')
  const fault = {
    kind: 'changed' as const,
    seq: 81,
    message: 'Entry 81 was changed: its hash does not fit what it says.',
  }
  admin.verdict = { ok: false, checked: 81, head: { seq: 123, hash: 'ab'.repeat(32) }, fault }
  await page.getByTestId('verify').click()
  await page.getByText('tampered').waitFor()
  admin.verdict = null
  await page.getByRole('searchbox').fill('nothing like this')
  await page.getByTestId('none').waitFor()
  await shoot(page, '52-audit-fault')

  const thread = gateway.addThread('delay by airline', ['average departure delay by month'])
  await go(`/lineage/${thread.answers[0]?.id}`)
  await page.getByTestId('lineage-graph').waitFor()
  await shoot(page, '60-lineage')
  await page.getByTestId('lineage-row').filter({ hasText: 'dep_delay' }).first().focus()
  await shoot(page, '61-lineage-path')
  await go('/impact?source=flights&table=flights&column=dep_delay')
  await page.getByTestId('impact').waitFor()
  await shoot(page, '62-impact')
  await go(`/t/${thread.id}`)
  await page.getByTestId('tab-receipt').click()
  await page.getByTestId('show-graph').click()
  await page.getByTestId('lineage-graph').waitFor()
  await shoot(page, '63-receipt-graph')

  await go('/keys')
  await page.getByTestId('make-key').click()
  await page.getByLabel('What it is for').fill('Nightly report')
  await shoot(page, '70-key-new')
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByTestId('secret').waitFor()
  await shoot(page, '71-key-secret')
  await page.getByRole('button', { name: 'I have copied it' }).click()
  const [key] = admin.keys
  if (key) {
    admin.keys.push(
      { ...key, id: 'k0', name: 'Dashboard', lastUsedAt: '2026-11-02T08:15:00Z', scopes: ['read'] },
      { ...key, id: 'k00', name: 'Old script', status: 'revoked', revokedAt: '2026-10-01T08:15:00Z' },
    )
  }
  await go('/keys')
  await page.getByTestId('key').first().waitFor()
  await shoot(page, '72-keys')
  await page.getByRole('button', { name: 'Revoke Dashboard' }).click()
  await shoot(page, '73-key-revoke')

  admin.people = structuredClone([...PEOPLE])
  await go('/people')
  await page.getByTestId('person').first().waitFor()
  await shoot(page, '75-people')

  await go('/')
  await page.getByTestId('question-box').fill('every pair of flights in the air together')
  await page.keyboard.press('Enter')
  await page.getByTestId('ask-approval').waitFor()
  await shoot(page, '80-approval')
  await page.getByTestId('ask-approval').click()
  await page.getByLabel('Why you need it').fill('For the yearly report')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('Asked. The answer').waitFor()
  await shoot(page, '81-approval-asked')
  await go('/approvals')
  await page.getByTestId('approval-row').first().waitFor()
  await shoot(page, '82-approvals')

  await go(`/t/${thread.id}`)
  await page.getByTestId('share').click()
  await page.getByRole('button', { name: 'Make a link' }).click()
  await page.getByTestId('share-url').waitFor()
  await shoot(page, '85-share')
  const answer = thread.answers[0]
  if (answer) admin.shared.set('x', { answer, sharedBy: 'Ben Okafor', recomputed: true })
  await go('/s/x')
  await page.getByTestId('shared').locator('svg').first().waitFor()
  await shoot(page, '86-shared')
  await go('/s/none')
  await page.getByTestId('none').waitFor()
  await shoot(page, '87-shared-gone')

  if (phone) await page.getByTestId('menu').click()
  await page.getByTestId('account').filter({ visible: true }).click()
  await shoot(page, '90-account')
  admin.permissions = ['ask']
  await go('/audit')
  await page.getByTestId('no-access').waitFor()
  await shoot(page, '91-no-access')
  admin.methods = { oidc: { url: '/api/auth/login', issuer: 'https://acme.okta.com' }, link: true }
  gateway.signedOut = true
  await page.context().clearCookies()
  await go('/policies')
  await page.getByTestId('continue').waitFor()
  await shoot(page, '92-sign-in-oidc')
  gateway.signedOut = false
}
