import { describe, expect, it } from 'vitest'
import type { Principal } from '../contract/index.ts'
import { parseSemanticModel } from '../semantic/index.ts'
import { governModel } from './govern-model.ts'
import { parsePolicies } from './parse-policies.ts'
import { resolveAccess } from './resolve-access.ts'

const model = parseSemanticModel(`
name: shop
title: Shop
description: All 4711 orders of the shop.
entities:
  - name: orders
    title: orders
    description: One row per order, 4711 in all.
    synonyms: []
    timeDimension: day
    labelDimension: region
    key: [id]
    dimensions:
      - { name: region, type: string, kind: categorical, label: region, synonyms: [], searchable: true, cues: [],
          description: Where it went; see margin., values: [{ value: EU, synonyms: [Europe] }, { value: US, synonyms: [States] }] }
      - { name: day, expression: "CAST({placed_at} AS DATE)", type: date, kind: time, label: day, synonyms: [], cues: [] }
      - { name: email, type: string, kind: categorical, label: e-mail, synonyms: [], searchable: true, cues: [],
          values: [{ value: a@x.example, synonyms: [] }] }
      - { name: domain, expression: "split_part({email}, '@', 2)", type: string, kind: categorical, label: domain,
          synonyms: [], searchable: true, cues: [] }
    measures:
      - { name: revenue, label: revenue, synonyms: [], aggregate: sum, column: amount, description: Paid by Europe or the States. }
      - { name: margin, label: margin, synonyms: [], aggregate: expression, expression: "sum({amount} - {cost})" }
    segments:
      - { name: cheap, label: cheap, synonyms: [], filter: "{cost} < 1" }
  - name: people
    table: customers
    title: customers
    synonyms: []
    dimensions: [{ name: email, type: string, kind: key, label: e-mail, synonyms: [], cues: [] }]
joins:
  - { name: who, from: orders, to: people, on: [{ from: email, to: email }], cardinality: many-to-one, synonyms: [] }
ambiguities:
  - term: value
    synonyms: []
    prompt: Which value?
    choices:
      - { id: r, label: Revenue, target: orders.revenue }
      - { id: m, label: Margin, target: orders.margin }
verifiedQueries: [{ question: How many orders from Acme?, sql: SELECT count(*) FROM orders }]
suggestions: [Which customer of Acme paid most?]
`)
const tables = [
  { name: 'orders', columns: ['id', 'region', 'placed_at', 'email', 'amount', 'cost'].map((name) => ({ name })) },
  { name: 'customers', columns: [{ name: 'email' }] },
]
const as = (roles: string[], rules: string, attributes: Principal['attributes'] = {}) => {
  const policies = parsePolicies(`version: 1\nroles: [{ name: analyst }]\n${rules}`)
  const access = resolveAccess(policies, { id: 'ana', name: 'Ana', roles, attributes }, 'shop')
  return governModel(model, access, tables, (_table, _column, value) => value === 'EU')
}
const ALL = "grants: [{ id: all, roles: [analyst], tables: ['*'] }]"

describe('the semantic model as one person may know it [governance.catalog]', () => {
  it('is whole for the owner and for who may see everything, and nothing without a grant', () => {
    expect(as(['owner'], ALL)).toBe(model)
    expect(as(['analyst'], ALL)).toBe(model)
    expect(as([], ALL)).toBeNull()
  })

  it('loses what rests on a hidden column, and every text that names one', () => {
    const governed = as(['analyst'], 'grants: [{ id: all, roles: [analyst], tables: [orders], except: [cost] }]')
    const [orders] = governed?.entities ?? []
    expect(governed?.entities.map(({ name }) => name)).toEqual(['orders'])
    expect(orders?.measures.map(({ name }) => name)).toEqual(['revenue'])
    expect(orders?.segments).toEqual([])
    expect(governed?.ambiguities).toEqual([])
    expect(governed?.joins).toEqual([])
    // `margin` is hidden, so the sentence that names it goes.
    expect(orders?.dimensions.find(({ name }) => name === 'region')?.description).toBeUndefined()
    const text = JSON.stringify(governed).toLowerCase()
    for (const word of ['cost', 'margin', 'customers', 'acme']) expect(text).not.toContain(word)
  })

  it('loses times and labels whose column is hidden, and keys', () => {
    const [orders] =
      as(['analyst'], 'grants: [{ id: all, roles: [analyst], tables: [orders], except: [placed_at, region, id] }]')
        ?.entities ?? []
    expect([orders?.timeDimension, orders?.labelDimension, orders?.key]).toEqual([undefined, undefined, []])
  })

  it('has under a row filter only the values that the person finds, and no count of all rows', () => {
    const governed = as(
      ['analyst'],
      `${ALL}\nrowFilters: [{ id: own, roles: [analyst], table: orders, filter: "region = 'EU'" }]`,
    )
    const region = governed?.entities[0]?.dimensions.find(({ name }) => name === 'region')
    expect(region?.values).toEqual([{ value: 'EU', synonyms: ['Europe'] }])
    const text = JSON.stringify(governed)
    for (const word of ['4711', 'States', '"US"']) expect(text).not.toContain(word)
  })

  it('names no values of a masked column, nor of what is computed from it, and does not join on it', () => {
    const governed = as(
      ['analyst'],
      `${ALL}\nmasks: [{ id: hide, roles: [analyst], table: orders, columns: [email], mask: { kind: hash } }]`,
    )
    const dimensions = governed?.entities[0]?.dimensions.filter(({ name }) => name === 'email' || name === 'domain')
    expect(dimensions?.map(({ values, searchable }) => [values, searchable])).toEqual([
      [[], false],
      [[], false],
    ])
    expect(governed?.joins).toEqual([])
    expect(JSON.stringify(governed)).not.toContain('a@x.example')
  })

  it('suggests what can be asked of the rest', () => {
    const governed = as(['analyst'], "grants: [{ id: all, roles: [analyst], tables: ['*'], except: [cost] }]")
    expect(governed?.suggestions).toEqual([
      'How many orders are there?',
      'number of orders by region',
      'revenue by region',
      'How many customers are there?',
    ])
  })
})
