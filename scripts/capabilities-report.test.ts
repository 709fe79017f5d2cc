import { describe, expect, it } from 'vitest'
import { reportCapabilities } from './capabilities-report.ts'

const promises = [
  { id: 'a.one', area: 'A', sentence: 'Does one.' },
  { id: 'a.two', area: 'A', sentence: 'Does two.' },
]
const test = (fullName: string, status = 'passed') => ({ fullName, status, file: 'x.test.ts' })

describe('reportCapabilities', () => {
  it('is content when a passing test shows every promise', () => {
    const report = reportCapabilities(promises, [test('does both [a.one] [a.two]')])
    expect(report.problems).toEqual([])
    expect(report.shownBy.get('a.two')).toEqual(['x.test.ts'])
  })

  it('does not count a failed or a skipped test', () => {
    const report = reportCapabilities(promises, [test('[a.one]', 'failed'), test('[a.two]', 'pending')])
    expect(report.problems).toHaveLength(2)
  })

  it('finds a citation of what is not promised', () => {
    const report = reportCapabilities(promises, [test('[a.one] [a.two] [a.three]')])
    expect(report.problems).toEqual(['x.test.ts cites [a.three], which docs/capabilities.json does not have.'])
  })

  it.each(['a.One', 'a.one2', 'a.one_more'])('finds the misspelled %s', (id) => {
    const report = reportCapabilities(promises, [test(`[a.one] [a.two] [${id}]`)])
    expect(report.problems).toEqual([`x.test.ts cites [${id}], which docs/capabilities.json does not have.`])
  })
})
