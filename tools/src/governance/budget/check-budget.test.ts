import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError, toAppError } from '../../errors/index.ts'
import { budgetExceeded, readBudgetExceeded } from './budget-exceeded.ts'
import { checkBudget, hasScanBudget } from './check-budget.ts'
import { noEstimate, type PlanEstimate, type PlanShape } from './plan-estimate.ts'
import { queryHash } from './query-hash.ts'
import { queryLimits } from './query-limits.ts'
import { ResultMeter } from './result-meter.ts'

const shape: PlanShape = {
  scans: [{ table: 'flights', rows: 336_776 }],
  crossJoin: false,
  filters: [],
  groups: 0,
}
const planned = (rows: number, more: Partial<PlanShape> = {}): PlanEstimate => ({
  rows,
  bytes: rows * 8,
  unit: 'rows',
  source: 'explain',
  exact: false,
  shape: { ...shape, ...more },
})
const scan = { scanRows: 50_000_000, over: 'approve' as const, rules: ['analysts-scan'] }
const times = new Map([
  ['flights', ['time_hour']],
  ['planes', []],
])
const over = (...args: Parameters<typeof checkBudget>) => {
  const check = checkBudget(...args)
  if (check.ok) throw new Error('it is within the budget')
  return check
}

describe('an estimate held against a budget', () => {
  it('is refused with the number, the limit, the rule and the way to narrow it [budget.refusal]', () => {
    const cross = planned(336_776 ** 2, { crossJoin: true, scans: [...shape.scans, ...shape.scans] })
    expect(over(cross, scan, times)).toMatchObject({
      figure: 'scanRows',
      value: 110_000_000_000,
      limit: 50_000_000,
      ruleIds: ['analysts-scan'],
      approvable: true,
      message:
        'This would read about 110 billion rows; your budget is 50 million rows (rule analysts-scan). It joins `flights` with itself without a condition: add the columns they are joined on, or leave a table out.',
    })
  })

  it.each([
    [
      'no filter on the time',
      planned(6e7),
      'Add a date range on `time_hour`: `flights` is read from its first day to its last.',
    ],
    [
      'a filter on another column',
      planned(6e7, { filters: ["origin='JFK' AND time_hours=1"] }),
      'Add a date range on `time_hour`',
    ],
    [
      'a filter on the time',
      planned(6e7, { filters: ["time_hour>='2013-01-01'"] }),
      'Shorten the date range or use fewer tables.',
    ],
    ['very many groups', planned(6e7, { filters: ['TIME_HOUR > 1'], groups: 2e5 }), 'group by a longer period'],
    [
      'a table without a time',
      planned(6e7, { scans: [{ table: 'planes', rows: 6e7 }] }),
      'Add a filter or fewer tables.',
    ],
    [
      'a cross join of tables that are not theirs',
      planned(6e7, {
        crossJoin: true,
        scans: [
          { table: 'secret', rows: 1 },
          { table: 'hidden', rows: 2 },
        ],
      }),
      'It joins tables without a condition',
    ],
  ])('hints at %s [budget.refusal]', (_, estimate, hint) => {
    expect(over(estimate, scan, times).hint).toContain(hint)
    expect(over(estimate, scan, times).hint).not.toMatch(/secret|hidden/)
  })

  it('is let through up to the limit itself, and where nothing is limited', () => {
    expect(checkBudget(planned(50_000_000), scan)).toEqual({ ok: true })
    expect(checkBudget(noEstimate('?'), { over: 'refuse', rules: [] })).toEqual({ ok: true })
    expect(hasScanBudget({ over: 'refuse', rules: [], tokensPerDay: 5 })).toBe(false)
    expect(hasScanBudget({ over: 'refuse', rules: [], scanBytes: 5 })).toBe(true)
  })

  it('is refused when it can not be had, and says why [budget.refusal]', () => {
    const check = over(noEstimate('it is recursive'), { ...scan, over: 'refuse' })
    expect(check).toMatchObject({ value: null, approvable: false })
    expect(check.message).toContain('can not say how much this would read (it is recursive)')
    const rowsOnly: PlanEstimate = { rows: 5, unit: 'rows', source: 'explain', exact: true }
    expect(over(rowsOnly, { scanBytes: 1e12, over: 'refuse', rules: ['a', 'b'] }).message).toContain(
      'its plan has no bytes), and your budget is 1 TB (rules a, b)',
    )
  })

  it('is over exactly when a figure is larger than its limit or unknown', () => {
    const figure = fc.option(fc.nat(1000), { nil: undefined })
    fc.assert(
      fc.property(figure, figure, figure, figure, (rows, bytes, scanRows, scanBytes) => {
        const estimate: PlanEstimate = {
          ...(rows === undefined ? {} : { rows }),
          ...(bytes === undefined ? {} : { bytes }),
          unit: 'rows',
          source: 'explain',
          exact: false,
        }
        const budget = {
          ...(scanRows === undefined ? {} : { scanRows }),
          ...(scanBytes === undefined ? {} : { scanBytes }),
          over: 'refuse' as const,
          rules: ['r'],
        }
        const tooMuch = (value: number | undefined, limit: number | undefined) =>
          limit !== undefined && (value === undefined || value > limit)
        expect(checkBudget(estimate, budget).ok).toBe(!tooMuch(rows, scanRows) && !tooMuch(bytes, scanBytes))
      }),
    )
  })
})

describe('the refusal of a query over a budget', () => {
  it('crosses a wire with its figures, rounded and without the shape of the plan [budget.refusal]', () => {
    const estimate = planned(336_776 ** 2, { crossJoin: true })
    const error = budgetExceeded(over(estimate, scan), estimate, 'hash')
    const received = toAppError(JSON.parse(JSON.stringify(error)))
    expect(received.code).toBe('BUDGET_EXCEEDED')
    expect(readBudgetExceeded(received)).toMatchObject({
      figure: 'scanRows',
      value: 1.1e11,
      limit: 5e7,
      rule: 'analysts-scan',
      approvable: true,
      estimate: { rows: 1.1e11, source: 'explain' },
      queryHash: 'hash',
    })
    expect(JSON.stringify(received)).not.toContain('336776')
    expect(JSON.stringify(received)).not.toContain('shape')
  })

  it('is told from the end of a day’s tokens', () => {
    const spent = new AppError('BUDGET_EXCEEDED', 'no tokens', { data: { figure: 'tokensPerDay' } })
    expect(readBudgetExceeded(spent)).toBeNull()
    expect(readBudgetExceeded(new AppError('FORBIDDEN', 'no'))).toBeNull()
  })
})

describe('what an approval is for', () => {
  it('changes with the source, the query and the rows that are wanted', () => {
    const hashes = [
      queryHash('engine', 'SELECT 1', 10),
      queryHash('engine2', 'SELECT 1', 10),
      queryHash('engine', 'SELECT 2', 10),
      queryHash('engine', 'SELECT 1', 11),
    ]
    expect(new Set(hashes).size).toBe(4)
    expect(queryHash('engine', 'SELECT 1', 10)).toBe(hashes[0])
  })
})

describe('the limits of a call', () => {
  const server = { maxRows: 10_000, timeoutMs: 30_000 }
  it('are the smallest of the server’s, the budget’s and the caller’s', () => {
    const budget = { querySeconds: 2.5, resultRows: 500, resultBytes: 1e6, over: 'refuse' as const, rules: [] }
    expect(queryLimits(server, budget, {})).toEqual({ maxRows: 500, timeoutMs: 2500, maxBytes: 1e6 })
    expect(queryLimits(server, budget, { maxRows: 5, timeoutMs: 100 })).toMatchObject({ maxRows: 5, timeoutMs: 100 })
    const none = { over: 'refuse' as const, rules: [] }
    expect(queryLimits(server, none, { maxRows: 1e6, timeoutMs: 1e9 })).toEqual({ ...server, maxBytes: Infinity })
  })
})

describe('a result that is counted while it is read', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  )

  it('never counts fewer bytes than UTF-8 text takes, and is full with the first row that does not fit', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 8 }), fc.nat(400), (rows, maxBytes) => {
        const meter = new ResultMeter(maxBytes)
        const kept = rows.filter((row) => meter.take(row))
        expect(kept).toEqual(rows.slice(0, kept.length))
        expect(meter.full).toBe(kept.length < rows.length)
        expect(meter.bytes).toBeLessThanOrEqual(maxBytes)
        const plain = kept.flat().reduce<number>((sum, value) => sum + Buffer.byteLength(String(value ?? '')), 0)
        expect(meter.bytes).toBeGreaterThanOrEqual(plain)
      }),
    )
  })
})
