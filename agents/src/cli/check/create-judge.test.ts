import { PolicyDocument } from '@plumbline/tools/contract'
import { describe, expect, it } from 'vitest'
import { columnType } from './column-type.ts'
import { createJudge } from './create-judge.ts'
import type { CheckRules } from './rules.ts'

const policies = PolicyDocument.parse({
  version: 1,
  roles: [{ name: 'analyst' }],
  grants: [{ id: 'shop', roles: ['analyst'], tables: ['orders', 'sales.lines'] }],
  rowFilters: [{ id: 'own-region', roles: ['analyst'], table: 'orders', filter: 'region = :principal.region' }],
  masks: [{ id: 'email', roles: ['analyst'], table: 'orders', columns: ['email'], mask: { kind: 'hash' } }],
})
const column = (name: string, type = 'VARCHAR') => ({ name, type })
const rules: CheckRules = {
  dialect: 'duckdb',
  source: 'shop',
  policies,
  schema: [
    { name: 'orders', columns: [column('id', 'BIGINT'), column('region'), column('email')] },
    { name: 'sales.lines', columns: [column('id', 'BIGINT'), column('amount', 'DECIMAL(10, 2)')] },
    { name: 'hidden', columns: [column('a')] },
  ],
}
const ana = { id: 'ana', roles: ['analyst'], attributes: { region: 'EU' } }
const judge = createJudge(rules)
const line = (sql: string, principal?: unknown) => JSON.stringify({ id: 1, sql, principal })

describe('the judge of plumbline check', () => {
  it('writes row filters and masks of the person into the statement [cli.check]', async () => {
    const result = await judge(
      line('SELECT email, sum(amount) FROM orders JOIN sales.lines USING (id) GROUP BY 1', ana),
    )
    expect(result).toMatchObject({ allowed: true, code: null, tables: ['orders', 'sales.lines'] })
    expect(result.sql).toContain(`base."region" = 'EU'`)
    expect(result.sql).toContain('sha256(')
    expect(result.columns.toSorted()).toEqual(['orders.email', 'orders.id', 'sales.lines.amount', 'sales.lines.id'])
    expect(result.lineage).toMatchObject([
      { column: 'email', from: [{ table: 'orders', column: 'email' }], exact: true },
      { from: [{ table: 'sales.lines', column: 'amount' }], exact: true },
    ])
  })

  it('refuses a column that is not there, or not for the person [cli.check]', async () => {
    const typo = await judge(line('SELECT emial FROM orders', ana))
    expect(typo).toMatchObject({ allowed: false, code: 'SQL_COLUMN_UNKNOWN' })
    expect(typo.reason).toContain('email')
    const without = createJudge({
      ...rules,
      policies: { ...policies, grants: policies.grants.map((grant) => ({ ...grant, except: ['email'] })), masks: [] },
    })
    expect(await without(line('SELECT email FROM orders', ana))).toMatchObject({ code: 'SQL_COLUMN_UNKNOWN' })
  })

  it('says of a table that the person may not read no more than of one that is not there [cli.check]', async () => {
    const [denied, missing] = await Promise.all([
      judge(line('SELECT a FROM hidden', ana)),
      judge(line('SELECT a FROM nowhere', ana)),
    ])
    expect(denied).toMatchObject({ allowed: false, code: 'SQL_TABLE_UNKNOWN', sql: null, tables: [] })
    expect(denied.reason?.replace('hidden', 'nowhere')).toBe(missing.reason)
  })

  it('holds nobody to the rules of somebody else [cli.check]', async () => {
    const owner = { id: 'root', roles: ['owner'] }
    expect(await judge(line('SELECT a FROM hidden', owner))).toMatchObject({
      allowed: true,
      sql: 'SELECT a FROM hidden',
    })
    expect(await judge(line('SELECT email FROM orders'))).toMatchObject({ sql: 'SELECT email FROM orders' })
    expect(await judge(line('SELECT email FROM orders', { id: 'guest' }))).toMatchObject({ code: 'SQL_TABLE_UNKNOWN' })
    const ben = { ...ana, id: 'ben', attributes: { region: 'US' } }
    expect((await judge(line('SELECT id FROM orders', ben))).sql).toContain(`'US'`)
    expect((await judge(line('SELECT id FROM orders', ana))).sql).toContain(`'EU'`)
  })

  it('judges a statement alone where no schema is given [cli.check]', async () => {
    const alone = createJudge({ ...rules, policies: null, schema: null })
    expect(await alone(line('SELECT a FROM anything.at_all', ana))).toMatchObject({
      allowed: true,
      tables: ['anything.at_all'],
      columns: ['anything.at_all.a'],
      lineage: [{ column: 'a', from: [{ table: 'anything.at_all', column: 'a' }] }],
    })
  })

  it('refuses what a rule that is wrong can not be put into [cli.check]', async () => {
    const [filter] = policies.rowFilters
    const wrong = createJudge({
      ...rules,
      policies: { ...policies, rowFilters: filter ? [{ ...filter, filter: 'regoin = 1' }] : [] },
    })
    expect(await wrong(line('SELECT id FROM orders', ana))).toMatchObject({ allowed: false, code: 'POLICY_INVALID' })
  })

  it.each([
    ['BIGINT', 'integer'],
    ['tinyint unsigned', 'integer'],
    ['NUMBER(38,0)', 'number'],
    ['double precision', 'number'],
    ['BOOLEAN', 'boolean'],
    ['TIMESTAMP_NTZ(9)', 'timestamp'],
    ['date', 'date'],
    ['VARIANT', 'json'],
    ['INTEGER[]', 'json'],
    ['interval', 'string'],
    ['varchar(20)', 'string'],
  ])('knows the type %s as %s [cli.check]', (type, kind) => {
    expect(columnType(type)).toBe(kind)
  })
})
