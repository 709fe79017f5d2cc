import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { parsePolicies } from './parse-policies.ts'

it('takes the document that docs/policies.md shows', async () => {
  const text = await readFile(new URL('../../../docs/policies.md', import.meta.url), 'utf8')
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? []
  const policies = parsePolicies(yaml)
  expect(policies.budgets[0]?.scanRows).toBe(50_000_000)
  expect(policies.roles.map(({ name }) => name)).toEqual(['station', 'manager'])
})
