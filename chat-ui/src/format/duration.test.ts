import { describe, expect, it } from 'vitest'
import { formatDuration } from './duration.ts'

describe('formatDuration', () => {
  it.each([
    [0.04, '0.0 ms'],
    [0.42, '0.4 ms'],
    [84.4, '84 ms'],
    [999.4, '999 ms'],
    [999.7, '1.0 s'],
    [0.97, '1 ms'],
    [1240, '1.2 s'],
    [59_960, '1 min 0 s'],
    [61_000, '1 min 1 s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})
