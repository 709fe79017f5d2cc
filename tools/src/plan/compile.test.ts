import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors/index.ts'
import { inferSemanticModel, type SemanticModel } from '../semantic/index.ts'
import { compilePlan, QueryPlan } from './index.ts'

const column = (name: string, type: 'integer' | 'string' | 'number' | 'date') => ({ name, type })

/** owner ←(home, breeder)– pet –< visit: two roles, and rows that multiply. */
const MODEL: SemanticModel = inferSemanticModel([
  {
    name: 'owner',
    columns: [column('id', 'integer'), column('name', 'string'), column('age', 'integer')],
    keys: { primary: ['id'] },
  },
  {
    name: 'pet',
    columns: [
      column('id', 'integer'),
      column('name', 'string'),
      column('weight', 'number'),
      column('home_id', 'integer'),
      column('breeder_id', 'integer'),
    ],
    keys: {
      primary: ['id'],
      foreign: [
        { column: 'home_id', table: 'owner', references: 'id' },
        { column: 'breeder_id', table: 'owner', references: 'id' },
      ],
    },
  },
  {
    name: 'visit',
    columns: [column('id', 'integer'), column('pet_id', 'integer'), column('day', 'date'), column('order', 'string')],
    keys: { primary: ['id'], foreign: [{ column: 'pet_id', table: 'pet', references: 'id' }] },
  },
])

const plan = (part: Partial<QueryPlan>): QueryPlan => QueryPlan.parse({ base: 'pet', ...part })
const sql = (part: Partial<QueryPlan>, dialect = 'duckdb') => compilePlan(plan(part), MODEL, dialect).sql
const field = (entity: string, name: string, via?: string) => ({ entity, field: name, ...(via ? { via } : {}) })

describe('compilePlan', () => {
  it('reads one table without prefixes', () => {
    expect(sql({ measures: [{ kind: 'count', entity: 'pet' }] })).toBe('SELECT count(*) AS number_of_pet\nFROM pet')
  })

  it('joins one table twice under two roles [answer.joins]', () => {
    const text = sql({ columns: [field('owner', 'name', 'pet_home_id'), field('owner', 'name', 'pet_breeder_id')] })
    expect(text).toContain('JOIN owner ON pet.home_id = owner.id')
    expect(text).toContain('AS breeder_owner ON pet.breeder_id = breeder_owner.id')
  })

  it('does not join for a key that the near side holds', () => {
    const text = sql({
      base: 'visit',
      measures: [{ kind: 'count', entity: 'visit' }],
      dimensions: [{ field: field('pet', 'id'), byKey: false }],
    })
    expect(text).not.toContain('JOIN')
    expect(text).toContain('pet_id AS id')
  })

  it('filters by the many side without multiplying rows [answer.joins]', () => {
    const text = sql({
      measures: [{ kind: 'aggregate', fn: 'avg', field: field('pet', 'weight') }],
      filters: [{ kind: 'in', field: field('visit', 'order'), values: ['x'], negated: false }],
    })
    expect(text).toContain('EXISTS')
    expect(text).not.toContain('JOIN')
  })

  it('makes pairs distinct before it averages over a many side [answer.joins]', () => {
    const text = sql({
      measures: [{ kind: 'aggregate', fn: 'avg', field: field('pet', 'weight') }],
      dimensions: [{ field: field('visit', 'order'), byKey: false }],
    })
    expect(text).toContain('SELECT DISTINCT')
    expect(text).toContain('JOIN pet ON pet.id = pairs.row_key')
  })

  it('counts distinct keys over a many side', () => {
    const text = sql({
      measures: [{ kind: 'count', entity: 'pet' }],
      dimensions: [{ field: field('visit', 'order'), byKey: false }],
    })
    expect(text).toContain('count(DISTINCT pet.id)')
  })

  it('turns "not on the many side" into NOT EXISTS', () => {
    const text = sql({
      columns: [field('pet', 'name')],
      filters: [{ kind: 'in', field: field('visit', 'order'), values: ['x'], negated: true }],
    })
    expect(text).toMatch(/NOT EXISTS \((.|\n)*= 'x'/)
  })

  it('quotes names that are syntax', () => {
    expect(sql({ base: 'visit', columns: [field('visit', 'order')] })).toContain('SELECT "order"')
  })

  it('writes dates as each dialect wants them', () => {
    const part: Partial<QueryPlan> = {
      base: 'visit',
      measures: [{ kind: 'count', entity: 'visit' }],
      dimensions: [{ field: field('visit', 'day'), grain: 'month', byKey: false }],
      filters: [{ kind: 'time', field: field('visit', 'day'), from: '2024-01-01', label: 'since 2024' }],
    }
    expect(sql(part)).toContain("CAST(date_trunc('month', day) AS DATE) AS month")
    expect(sql(part)).toContain("day >= DATE '2024-01-01'")
    expect(sql(part, 'sqlite')).toContain("strftime('%Y-%m-01', day)")
    expect(sql(part, 'sqlite')).toContain("day >= '2024-01-01'")
    expect(sql(part, 'postgresql')).toContain("CAST(date_trunc('month', day) AS date)")
  })

  it.each([
    ['an unknown field', { columns: [field('pet', 'colour')] }, 'QUERY_INVALID'],
    ['an unknown entity', { base: 'ghost', measures: [{ kind: 'count' as const, entity: 'ghost' }] }, 'QUERY_INVALID'],
    ['nothing to show', {}, 'QUERY_INVALID'],
  ])('refuses %s', (_, part, code) => {
    expect(() => sql(part)).toThrow(expect.objectContaining({ code }))
  })

  it('refuses a dialect it can not write, and a private field', () => {
    expect(() => sql({ columns: [field('pet', 'name')] }, 'cobol')).toThrow(
      expect.objectContaining({ code: 'CAPABILITY_MISSING' }),
    )
    const model = structuredClone(MODEL)
    for (const entity of model.entities)
      for (const dimension of entity.dimensions) dimension.private ||= dimension.name === 'age'
    expect(() => compilePlan(plan({ base: 'owner', columns: [field('owner', 'age')] }), model, 'duckdb')).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN' }),
    )
  })
})

/** The text without its string literals and quoted names: what a value could only reach by breaking out. */
const skeleton = (text: string) => text.replaceAll(/'(?:[^']|'')*'/g, 'TEXT').replaceAll(/"(?:[^"]|"")*"/g, 'NAME')

describe('any plan and any value', () => {
  const fields = fc.constantFrom(
    field('pet', 'name'),
    field('pet', 'weight'),
    field('owner', 'name', 'pet_home_id'),
    field('visit', 'day'),
    field('visit', 'order'),
    field('owner', 'age'),
  )
  const numbers = fc.constantFrom(field('pet', 'weight'), field('owner', 'age'))
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom("'; DROP TABLE pet; --", "\\'", "''", '$$', 'a\0b', '/* */', "x' OR '1'='1"),
  )
  const condition = fc.oneof(
    fc.record({
      kind: fc.constant('in' as const),
      field: fields,
      values: fc.array(text, { minLength: 1, maxLength: 3 }),
      negated: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('compare' as const),
      field: fields,
      op: fc.constantFrom('=' as const, '<>' as const, '>=' as const),
      value: fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null)),
    }),
    fc.record({
      kind: fc.constant('like' as const),
      field: fields,
      mode: fc.constantFrom('contains' as const, 'starts' as const),
      text,
      negated: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('null' as const), field: fields, negated: fc.boolean() }),
    fc.record({
      kind: fc.constant('overall' as const),
      field: numbers,
      op: fc.constant('>' as const),
      fn: fc.constantFrom('avg' as const, 'max' as const),
    }),
    fc.record({
      kind: fc.constant('time' as const),
      field: fc.constant(field('visit', 'day')),
      from: text,
      label: text,
    }),
    fc.record({
      kind: fc.constant('related' as const),
      entity: fc.constant('visit'),
      negated: fc.boolean(),
      where: fc.constant([]),
    }),
  )
  const measure = fc.oneof(
    fc.record({ kind: fc.constant('count' as const), entity: fc.constantFrom('pet', 'owner', 'visit') }),
    fc.record({
      kind: fc.constant('aggregate' as const),
      fn: fc.constantFrom('avg' as const, 'sum' as const, 'median' as const, 'count_distinct' as const),
      field: numbers,
    }),
  )
  const anyPlan = fc.record({
    base: fc.constantFrom('pet', 'owner', 'visit'),
    measures: fc.array(measure, { maxLength: 2 }),
    dimensions: fc.array(fc.record({ field: fields, byKey: fc.boolean() }), { maxLength: 2 }),
    columns: fc.array(fields, { minLength: 1, maxLength: 3 }),
    filters: fc.array(condition, { maxLength: 3 }),
    limit: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
  })

  it('compiles in every dialect, one statement, values inside their quotes', () => {
    fc.assert(
      fc.property(anyPlan, fc.constantFrom('duckdb', 'postgresql', 'sqlite'), (part, dialect) => {
        const compiled = compilePlan(QueryPlan.parse(part), MODEL, dialect)
        const bare = skeleton(compiled.sql)
        expect(bare).toMatch(/^(SELECT|WITH)/)
        expect(bare).not.toMatch(/;|--|\/\*|DROP|['"]|undefined/)
        expect(compiled.sql.includes('\u0000')).toBe(false)
        expect(compiled.columns.length).toBeGreaterThan(0)
        expect(compiled.reading).not.toContain('undefined')
      }),
      { numRuns: 800 },
    )
  })

  it('survives JSON', () => {
    fc.assert(
      fc.property(anyPlan, (part) => {
        const first = QueryPlan.parse(part)
        if (JSON.stringify(part).includes('null')) return
        expect(QueryPlan.parse(JSON.parse(JSON.stringify(first)))).toEqual(JSON.parse(JSON.stringify(first)))
      }),
      { numRuns: 100 },
    )
  })

  it('reports only its own error for a malformed plan', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        try {
          compilePlan(value as QueryPlan, MODEL, 'duckdb')
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
    )
  })
})
