import { describe, expect, it } from 'vitest'
import { parsePolicies } from './parse-policies.ts'

const faultsOf = (yaml: string) => {
  try {
    parsePolicies(yaml)
    return []
  } catch (error) {
    return (error as { data: { faults: { path: string; message: string; line?: number }[] } }).data.faults
  }
}

describe('a policy document', () => {
  it('is read from YAML, with what is not said filled in', () => {
    const policies = parsePolicies(`
version: 1
roles: [{ name: analyst, groups: [bi] }]
grants: [{ id: all-flights, roles: [analyst], tables: [flights] }]
`)
    expect(policies.roles[0]).toEqual({ name: 'analyst', groups: ['bi'], permissions: ['ask'] })
    expect(policies.grants[0]).toMatchObject({ source: '*', columns: ['*'], except: [] })
  })

  it('names every fault with its line [policies.versions]', () => {
    const faults = faultsOf(`version: 1
roles:
  - name: analyst
grants:
  - id: one
    roles: [analist]
    tables: [flights]
  - id: one
    roles: [analyst]
    tables: [flights]
masks:
  - id: m
    roles: [analyst]
    table: planes
    columns: [seats]
    mask: { kind: bucket }
`)
    expect(faults.map(({ path, line }) => [path, line])).toEqual([
      ['grants[0].roles[0]', 6],
      ['grants[1].id', 8],
      ['masks[0].mask', 16],
    ])
    expect(faults[0]?.message).toContain('`analist`')
  })

  it.each([
    ['a misspelt section', 'version: 1\ngrant: []\n', 'grant'],
    ['a misspelt `except`', 'version: 1\ngrants: [{ id: a, roles: ["*"], tables: [t], excpet: [pay] }]\n', 'excpet'],
    ['a misspelt `columns`', 'version: 1\ngrants: [{ id: a, roles: ["*"], tables: [t], column: [id] }]\n', 'column'],
    ['a misspelt `source`', 'version: 1\ngrants: [{ id: a, roles: ["*"], tables: [t], sources: x }]\n', 'sources'],
    [
      'a key that its mask does not have',
      'version: 1\nmasks: [{ id: a, roles: ["*"], table: t, columns: [c], mask: { kind: hash, size: 10 } }]\n',
      'size',
    ],
    ['a misspelt budget', 'version: 1\nbudgets: [{ id: a, roles: ["*"], scanrows: 5 }]\n', 'scanrows'],
    ['a newer version', 'version: 2\n', 'version'],
    ['broken YAML', 'version: 1\nroles: [\n', 'YAML'],
    ['a key that is there twice', 'version: 1\ngrants: []\ngrants: []\n', 'YAML'],
    ['nothing', '', ''],
    ['a bomb of aliases', `version: &a [1]\nroles: &b [${'*a,'.repeat(60)}]\ngrants: [${'*b,'.repeat(60)}]\n`, ''],
  ])('refuses %s', (_, yaml, word) => {
    const faults = faultsOf(yaml)
    expect(faults.length).toBeGreaterThan(0)
    expect(JSON.stringify(faults)).toContain(word)
  })
})
