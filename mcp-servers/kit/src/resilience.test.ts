import { AppError } from '@plumbline/tools/errors'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { resilience } from './resilience.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})
const down = () => Promise.reject(new AppError('SOURCE_UNAVAILABLE', 'down'))
const bad = () => Promise.reject(new AppError('QUERY_INVALID', 'bad'))

describe('resilience of a source', () => {
  it('leaves a source alone that is down, says so, and comes back by itself', async () => {
    const guarded = resilience('The shop', 8)
    for (let i = 0; i < 5; i++) await expect(guarded(down)).rejects.toThrow('down')
    let asked = 0
    const work = async () => ++asked
    await expect(guarded(work)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringContaining('The shop does not answer'),
    })
    expect(asked).toBe(0)
    vi.advanceTimersByTime(5_001)
    await expect(guarded(work)).resolves.toBe(1)
    await expect(guarded(work)).resolves.toBe(2)
  })

  it('is never tripped by bad queries', async () => {
    const guarded = resilience('The shop', 8)
    for (let i = 0; i < 20; i++) await expect(guarded(bad)).rejects.toThrow('bad')
    await expect(guarded(async () => 'fine')).resolves.toBe('fine')
  })

  it('lets a bounded number run at once and the others wait', async () => {
    const guarded = resilience('The shop', 8)
    let [running, most] = [0, 0]
    const open: (() => void)[] = []
    const work = async () => {
      most = Math.max(most, ++running)
      await new Promise<void>((resolve) => open.push(resolve))
      running--
    }
    const all = Array.from({ length: 20 }, () => guarded(work))
    for (let done = 0; done < 20; done++) {
      await vi.waitFor(() => expect(open.length).toBeGreaterThan(0))
      open.shift()?.()
    }
    await Promise.all(all)
    expect(most).toBe(8)
  })
})
