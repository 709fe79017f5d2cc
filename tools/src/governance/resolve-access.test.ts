import { describe, expect, it } from 'vitest'
import type { Principal } from '../contract/index.ts'
import { parsePolicies } from './parse-policies.ts'
import { resolveAccess } from './resolve-access.ts'
import { permissionsOfRoles, rolesOfGroups } from './roles.ts'
import { visibleColumns, visibleTables } from './visible-columns.ts'

const policies = parsePolicies(`
version: 1
roles:
  - { name: analyst, groups: [bi, data] }
  - { name: viewer }
  - { name: auditor, groups: [audit], permissions: [audit.read] }
grants:
  - { id: analysts, roles: [analyst], source: engine, tables: ['*'] }
  - { id: viewers, roles: [viewer], source: engine, tables: [flights, 'sales.*'], except: [tailnum, carrier] }
  - { id: viewers-carrier, roles: [viewer], tables: [flights], columns: [carrier] }
rowFilters:
  - { id: own-airport, roles: [viewer, analyst], unless: [auditor], table: flights, filter: 'origin = :principal.airport' }
  - { id: this-year, roles: ['*'], table: flights, filter: 'year = 2013' }
masks:
  - { id: part, roles: [viewer], table: flights, columns: [dest], mask: { kind: partial, keepFirst: 1 } }
  - { id: none, roles: [viewer], table: flights, columns: [DEST], mask: { kind: 'null' } }
  - { id: every, roles: [viewer], table: sales.orders, columns: ['*'], mask: { kind: hash } }
private: [{ table: people, columns: [name] }]
budgets:
  - { id: everyone, roles: ['*'], scanRows: 10, usdPerDay: 1 }
  - { id: analysts-wide, roles: [analyst], scanRows: 5, querySeconds: 9, over: approve }
`)
const person = (roles: string[], attributes: Principal['attributes'] = {}, id = 'ana'): Principal => ({
  id,
  name: id,
  roles,
  attributes,
})
const access = (roles: string[], attributes = {}, id = 'ana') =>
  resolveAccess(policies, person(roles, attributes, id), 'engine')
const columns = ['origin', 'dest', 'tailnum', 'Carrier', 'year'].map((name) => ({ name }))

describe('what one person may see', () => {
  it('is nothing without a grant, without a document, or of a source that no rule names [governance.grants]', () => {
    expect(access([]).table('flights')).toBeNull()
    expect(access(['auditor']).table('flights')).toBeNull()
    expect(access(['viewer']).table('planes')).toBeNull()
    expect(resolveAccess(null, person(['analyst']), 'engine').table('flights')).toBeNull()
    expect(resolveAccess(policies, person(['analyst']), 'other').table('flights')).toBeNull()
  })

  it('is restricted by rules that write out the usual schema, and granted only to the letter [governance.grants]', () => {
    const written = parsePolicies(`
version: 1
roles: [{ name: viewer }]
grants:
  - { id: g, roles: [viewer], source: engine, tables: [flights, sales.flights] }
  - { id: h, roles: [viewer], source: engine, tables: [main.planes] }
rowFilters: [{ id: f, roles: [viewer], table: Main.flights, filter: 'year = 2013' }]
masks: [{ id: m, roles: [viewer], table: 'public.*', columns: [dest], mask: { kind: 'null' } }]
private: [{ table: main.people, columns: [name] }]
`)
    const own = resolveAccess(written, person(['viewer']), 'engine')
    expect(own.table('flights')?.filters.map(({ id }) => id)).toEqual(['f'])
    expect([...(own.table('flights')?.masks.keys() ?? [])]).toEqual(['dest'])
    expect(own.table('sales.flights')?.filters).toEqual([])
    expect(own.table('planes')).toBeNull()
    expect(own.isPrivate('people', 'name')).toBe(true)
  })

  it('is everything for the owner, whatever the document says', () => {
    for (const document of [null, policies]) {
      const own = resolveAccess(document, person(['owner']), 'engine')
      expect([own.unrestricted, own.table('anything')?.columns]).toEqual([true, '*'])
    }
  })

  it('adds grants up, column by column [governance.grants]', () => {
    const flights = access(['viewer']).table('FLIGHTS')
    if (!flights) throw new Error('granted')
    expect(visibleColumns(flights, columns).map(({ column }) => column.name)).toEqual([
      'origin',
      'dest',
      'Carrier',
      'year',
    ])
    const both = access(['viewer', 'analyst']).table('flights')
    expect(both && visibleColumns(both, columns)).toHaveLength(5)
    const tables = ['flights', 'sales.orders', 'planes'].map((name) => ({ name, columns }))
    expect(visibleTables(access(['viewer']), tables).map(({ table }) => table.name)).toEqual([
      'flights',
      'sales.orders',
    ])
  })

  it('is held to every filter that applies, and let off by `unless`', () => {
    const ids = (roles: string[]) =>
      access(roles)
        .table('flights')
        ?.filters.map(({ id }) => id)
    expect(ids(['viewer'])).toEqual(['own-airport', 'this-year'])
    expect(ids(['viewer', 'auditor'])).toEqual(['this-year'])
  })

  it('sees a column through the strictest of its masks, on every column for `*`', () => {
    expect(access(['viewer']).table('flights')?.masks.get('dest')?.id).toBe('none')
    const orders = access(['viewer']).table('sales.orders')
    expect(orders && visibleColumns(orders, [{ name: 'x' }])[0]?.mask?.id).toBe('every')
    expect(access(['analyst']).table('flights')?.masks.size).toBe(0)
  })

  it('has one fingerprint for all who see the same, and another for each who does not', () => {
    const jfk = access(['viewer'], { airport: 'JFK', desk: 1 })
    expect(access(['viewer'], { airport: 'JFK', desk: 2 }, 'bob').fingerprint).toBe(jfk.fingerprint)
    const others = [
      access(['viewer'], { airport: 'LGA' }),
      access(['viewer'], { airport: ['JFK'] }),
      access(['viewer']),
      access(['analyst'], { airport: 'JFK' }),
      access(['owner']),
      resolveAccess(null, person(['viewer'], { airport: 'JFK' }), 'engine'),
    ].map(({ fingerprint }) => fingerprint)
    expect(new Set([jfk.fingerprint, ...others]).size).toBe(7)
  })

  it('has the budget of the roles that name it, else the one for everyone; the owner only what names it', () => {
    expect(access(['viewer']).budget).toEqual({
      scanRows: 10,
      usdPerDay: 1,
      over: 'refuse',
      rules: ['everyone'],
      rulesOf: { scanRows: ['everyone'], usdPerDay: ['everyone'] },
    })
    expect(access(['analyst']).budget).toEqual({
      scanRows: 5,
      usdPerDay: 1,
      querySeconds: 9,
      over: 'approve',
      rules: ['everyone', 'analysts-wide'],
      rulesOf: { scanRows: ['analysts-wide'], usdPerDay: ['everyone'], querySeconds: ['analysts-wide'] },
    })
    expect(access(['owner']).budget).toEqual({ over: 'refuse', rules: [], rulesOf: {} })
  })

  it('knows private columns for everyone, the owner too', () => {
    expect(access(['owner']).isPrivate('People', 'NAME')).toBe(true)
    expect(access(['viewer']).isPrivate('people', 'city')).toBe(false)
  })
})

describe('roles', () => {
  it('come from the groups of the identity provider, and bring permissions', () => {
    expect(rolesOfGroups(policies, ['data', 'audit', 'else'])).toEqual(['analyst', 'auditor'])
    expect(rolesOfGroups(null, ['data'])).toEqual([])
    expect([...permissionsOfRoles(policies, ['auditor', 'viewer'])]).toEqual(['ask', 'audit.read'])
    expect(permissionsOfRoles(policies, ['nobody']).size).toBe(0)
    expect(permissionsOfRoles(null, ['owner']).has('policies.edit')).toBe(true)
  })
})
