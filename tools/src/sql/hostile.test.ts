import { analyzeSql } from '@plumbline/native'
import { describe, expect, it } from 'vitest'
import { HOSTILE } from './corpus/hostile.ts'

describe('statements that must not run', () => {
  it('are many', () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(120)
  })

  for (const [dialect, sql, code] of HOSTILE) {
    it(`refuses in ${dialect}: ${JSON.stringify(sql).slice(0, 70)} [guard.read-only] [guard.functions] [guard.nesting]`, () => {
      const verdict = analyzeSql(sql, dialect, 1000)
      expect(verdict).toMatchObject({ allowed: false, code })
      if (verdict.allowed) return
      expect(verdict.reason.length).toBeGreaterThan(10)
      expect(verdict.part.length).toBeLessThanOrEqual(120)
    })
  }

  it('comes to an end, whatever the text [guard.nesting]', () => {
    for (const [dialect, sql] of HOSTILE) {
      // Not a benchmark: a text that the guard can not bound takes minutes.
      const start = performance.now()
      analyzeSql(sql, dialect, 1000)
      expect(performance.now() - start, sql.slice(0, 80)).toBeLessThan(10_000)
    }
  })
})
