import { describe, expect, it, vi } from 'vitest'
import { GRACE_MS, inTurn } from './in-turn.ts'
import { resilience } from './resilience.ts'

describe('inTurn', () => {
  it('lets a caller leave the queue, whose work then never runs [mcp.cancel]', async () => {
    const guarded = resilience('The shop', 8)
    const hold = Promise.withResolvers<void>()
    const holding = Array.from({ length: 8 }, () => guarded(() => hold.promise))
    const controller = new AbortController()
    let ran = false
    const waiting = inTurn(guarded, controller.signal, async () => {
      ran = true
    })
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
    hold.resolve()
    await Promise.all(holding)
    await expect(guarded(async () => 'next')).resolves.toBe('next')
    expect(ran).toBe(false)
  })

  it('leaves work that runs to the system that runs it', async () => {
    const controller = new AbortController()
    const end = Promise.withResolvers<string>()
    const running = inTurn(resilience('The shop', 8), controller.signal, () => end.promise)
    controller.abort()
    end.resolve('done before the interrupt came')
    await expect(running).resolves.toBe('done before the interrupt came')
  })

  it('lets a caller go when the system does not stop; its place stays taken until it ends [mcp.cancel]', async () => {
    vi.useFakeTimers()
    try {
      const guarded = resilience('The shop', 1)
      const controller = new AbortController()
      const end = Promise.withResolvers<string>()
      const stuck = inTurn(guarded, controller.signal, () => end.promise)
      const settled = expect(stuck).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
      let next = false
      const waiting = guarded(async () => {
        next = true
      })
      await vi.advanceTimersByTimeAsync(GRACE_MS)
      controller.abort()
      await vi.advanceTimersByTimeAsync(GRACE_MS)
      await settled
      expect(next).toBe(false)
      end.resolve('late')
      await waiting
      expect(next).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  it('does not start what is already stopped', async () => {
    const started: string[] = []
    const work = async () => started.push('started')
    const promise = inTurn(resilience('The shop', 8), AbortSignal.abort(), work)
    await expect(promise).rejects.toMatchObject({ code: 'QUERY_CANCELLED' })
    expect(started).toEqual([])
  })
})
