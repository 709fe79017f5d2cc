import { describe, expect, it } from 'vitest'
import { ANA, PEOPLE, POLICIES, policyText } from './sample-policies.ts'
import { usePage } from './use-page.ts'

const test = usePage()
const id = (name: string) => test.page.getByTestId(name)
const editor = () => id('editor').first().locator('.cm-content')
const line = (text: string) => editor().locator('.cm-line', { hasText: text })
const save = () => id('save').and(test.page.locator(':enabled'))

/** Writes at the end of the line that holds `after`. */
async function write(after: string, text: string) {
  await line(after).first().click()
  await test.page.keyboard.press('End')
  await test.page.keyboard.type(text)
}

describe('the policies', () => {
  it('shows the document and, beside it, what it says in words [page.policies]', async () => {
    await test.visit('/policies')
    await line('own-airport').waitFor()
    const summary = await id('policy-summary').innerText()
    for (const words of [
      'Members of analysts and contractors',
      'ask questions and share answers',
      'flights and weather of flights, without tailnum',
      'origin = their airport',
      'wind_speed of weather is rounded down to a multiple of 5',
      'a query may run 30 s and read 100 M rows; over that someone must approve it',
    ])
      expect(summary).toContain(words)
    expect(await id('policy-version').innerText()).toBe('Version 3, saved by Ana Silva on 3 Nov 2026, 14:02 UTC')
    expect(await id('save').isDisabled()).toBe(true)
  })

  it('finds faults while one types, at their line, and does not save them [page.policies]', async () => {
    await test.visit('/policies')
    await write('id: read-all', '')
    await test.page.keyboard.press('ArrowDown')
    await test.page.keyboard.press('End')
    await test.page.keyboard.press('ArrowLeft')
    await test.page.keyboard.type('nobody')
    await id('faults').getByText('there is no role adminnobody').waitFor()
    expect(await id('faults').innerText()).toContain('line 15')
    await id('editor').first().locator('.cm-lint-marker-error').waitFor()
    expect(await id('editor').first().locator('.cm-lintRange-error').count()).toBeGreaterThan(0)
    expect(await id('save').isDisabled()).toBe(true)
    await id('tab-dry-run').click()
    await id('dry-run').getByText('Mend the faults').waitFor()
    await id('tab-document').click()
    // The list leads to the place.
    await id('faults').getByRole('button').click()
    expect(await test.page.evaluate(() => document.activeElement?.classList.contains('cm-content'))).toBe(true)
    await test.page.getByRole('button', { name: 'Discard' }).click()
    await id('faults').waitFor({ state: 'detached' })
  })

  it('saves a new version with a comment after showing what changes [page.policies]', async () => {
    await test.visit('/policies')
    await write('source: flights', ' # knots')
    await save().click()
    expect(await id('diff').innerText()).toContain('1 line added, 1 removed')
    expect(await id('diff').innerText()).toContain('# knots')
    await test.page.getByLabel('What changed, and why').fill('Said the unit')
    await id('save-dialog').getByRole('button', { name: 'Save' }).click()
    await id('policy-version').getByText('Version 4').waitFor()
    const [newest] = test.gateway.admin.policies.versions
    expect(newest).toMatchObject({ version: 4, comment: 'Said the unit' })
    expect(newest?.yaml).toBe(POLICIES.replace('source: flights', 'source: flights # knots'))
    expect(await id('save').isDisabled()).toBe(true)
    await id('tab-history').click()
    expect(await id('versions').getByRole('listitem').first().innerText()).toContain('Said the unit')
  })

  it('keeps a draft over a look at another page [page.policies]', async () => {
    await test.visit('/policies')
    await write('source: flights', ' # kept')
    await test.page.getByTestId('source-card').first().click()
    await id('data-page').waitFor()
    await test.page.goBack()
    await line('# kept').waitFor()
    expect(await save().count()).toBe(1)
  })

  it('shows what somebody else saved meanwhile, and goes on over it [page.policies]', async () => {
    test.expected = /409/
    await test.visit('/policies')
    await write('source: flights', ' # mine')
    const theirs = POLICIES.replace('analysts, contractors', 'analysts')
    test.gateway.admin.policies.versions.unshift(
      policyText(4, theirs, 'No contractors', { ...ANA, name: 'Ben Okafor' }),
    )
    await save().click()
    await id('save-dialog').getByRole('button', { name: 'Save' }).click()
    const told = await id('conflict').innerText()
    for (const words of ['Ben Okafor saved version 4', 'No contractors', '# mine', 'analysts, contractors'])
      expect(told).toContain(words)
    await test.page.getByRole('button', { name: 'Go on with mine over theirs' }).click()
    await id('save-dialog').getByRole('button', { name: 'Save' }).click()
    await id('policy-version').getByText('Version 5').waitFor()
    expect(test.gateway.admin.policies.versions[0]?.yaml).toContain('# mine')
  })

  it('compares an older version with the one in force and brings it back [page.policies]', async () => {
    await test.visit('/policies')
    await id('tab-history').click()
    await id('versions').getByRole('button', { name: 'Version 2' }).click()
    expect(await id('diff').innerText()).toContain('size: 10')
    await test.page.getByRole('button', { name: 'Restore version 2' }).click()
    await id('policy-version').getByText('Version 4').waitFor()
    expect(test.gateway.admin.policies.versions[0]).toMatchObject({ version: 4, restored: 2 })
    await id('tab-document').click()
    await line('size: 10').waitFor()
  })

  it('says what a query becomes for somebody, by the text that is not saved yet [page.policies]', async () => {
    await test.visit('/policies')
    await id('tab-dry-run').click()
    await test.page.getByLabel('with airport').fill('JFK, LGA')
    await test.page.getByRole('button', { name: 'Show what it becomes' }).click()
    await id('dry-run-result').waitFor()
    expect(test.gateway.admin.tried[0]).toEqual({
      principal: { id: 'dry-run', roles: ['analyst'], attributes: { airport: ['JFK', 'LGA'] } },
      source: 'flights',
      sql: 'SELECT *\nFROM flights\nLIMIT 10',
    })
    const result = await id('dry-run-result').innerText()
    for (const words of ['own-airport', 'Only rows of flights where origin = their airport', 'AS base WHERE origin'])
      expect(result).toContain(words)
    expect(await id('dry-run-result').getByTestId('sql').count()).toBe(2)

    await id('tab-document').click()
    await write('source: flights', ' # new')
    await id('tab-dry-run').click()
    await test.page.getByText('Your unsaved changes are used.').waitFor()
    const query = id('dry-run').locator('.cm-content')
    await query.click()
    await test.page.keyboard.press('ControlOrMeta+a')
    await test.page.keyboard.type('SELECT tailnum FROM flights')
    await test.page.getByRole('button', { name: 'Show what it becomes' }).click()
    await id('dry-run-result').getByText('Refused for analyst').waitFor()
    expect(await id('dry-run-result').innerText()).toContain('There is no column tailnum')
    expect(test.gateway.admin.tried[1]?.yaml).toContain('# new')
  })

  it('says what a query becomes for a person who is known [page.policies]', async () => {
    test.gateway.admin.people = structuredClone([...PEOPLE])
    await test.visit('/policies')
    await id('tab-dry-run').click()
    await id('dry-run').getByRole('combobox', { name: /^As/ }).selectOption('Ana Silva')
    await test.page.getByRole('button', { name: 'Show what it becomes' }).click()
    await id('dry-run-result').getByText('What changes it for Ana Silva').waitFor()
    expect(test.gateway.admin.tried[0]?.principal).toEqual({
      id: 'ana',
      name: 'Ana Silva',
      roles: ['analyst'],
      attributes: { airport: 'LGA' },
    })
  })

  it('begins with a starter document where there is none [page.policies]', async () => {
    test.gateway.admin.policies.versions = []
    await test.visit('/policies')
    await id('starter').click()
    await line('name: analyst').waitFor()
    await save().click()
    await id('save-dialog').getByRole('button', { name: 'Save' }).click()
    await id('policy-version').getByText('Version 1').waitFor()
  })

  it('is read only where the rules come from a file, and says what is wrong with it [page.policies]', async () => {
    Object.assign(test.gateway.admin.policies, {
      editable: false,
      origin: { kind: 'file', name: 'policies.yaml', fault: 'line 3: there is no role `x`.' },
    })
    await test.visit('/policies')
    const told = await id('read-only').innerText()
    expect(told).toContain('policies.yaml')
    expect(told).toContain('line 3: there is no role')
    expect(await id('save').count()).toBe(0)
  })
})
