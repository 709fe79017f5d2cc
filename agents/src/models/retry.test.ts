import { AppError } from '@plumbline/tools/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retry, systemClock } from './retry.ts'
import { instantClock } from './test-servers/vendors.ts'

const overloaded = () => new AppError('MODEL_OVERLOADED', 'Overloaded.')

describe('the retry policy', () => {
  it('keeps its attempts and its deadline whatever the numbers [model.retry]', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (maxAttempts, deadlineMs, baseDelayMs, random) => {
          const clock = { ...instantClock(), random: () => random }
          let calls = 0
          const policy = { maxAttempts, deadlineMs, baseDelayMs, maxDelayMs: 1000 }
          const error = await retry(policy, clock, undefined, async (_attempt, leftMs) => {
            calls++
            expect(leftMs).toBeGreaterThan(0)
            throw overloaded()
          }).catch((thrown: AppError) => thrown)
          expect(error).toMatchObject({ code: 'MODEL_OVERLOADED', data: { attempts: calls } })
          expect(calls).toBeLessThanOrEqual(maxAttempts)
          expect(clock.now()).toBeLessThan(deadlineMs)
          expect(Math.max(0, ...clock.pauses)).toBeLessThanOrEqual(1000)
        },
      ),
    )
  })

  it('does not repeat what can not get better', async () => {
    let calls = 0
    const policy = { maxAttempts: 5, deadlineMs: 1000, baseDelayMs: 1, maxDelayMs: 1 }
    const run = async () => {
      calls++
      throw new AppError('BUDGET_EXCEEDED', 'Too much.')
    }
    await expect(retry(policy, instantClock(), undefined, run)).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' })
    expect(calls).toBe(1)
  })

  it('wakes from a real pause when the question is stopped', async () => {
    const controller = new AbortController()
    const policy = { maxAttempts: 2, deadlineMs: 1e9, baseDelayMs: 1e8, maxDelayMs: 1e8 }
    const run = async () => {
      setImmediate(() => controller.abort())
      throw overloaded()
    }
    await expect(retry(policy, systemClock, controller.signal, run)).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
  })
})
