import { describe, expect, it } from 'vitest'
import { bigCount, byteText } from './big-count.ts'

describe('a big count', () => {
  it.each([
    [0, '0'],
    [48_210, '48,210'],
    [999_499, '999,499'],
    [999_900, '1 M'],
    [100_000_000, '100 M'],
    [3_214_000_000, '3.2 bn'],
    [999_960_000, '1 bn'],
    [41_000_000_000, '41 bn'],
    [2_500_000_000_000, '2.5 tn'],
  ])('writes %d as %s', (count, text) => expect(bigCount(count)).toBe(text))

  it.each([
    [512, '512 bytes'],
    [1000, '1 kB'],
    [1_440_000_000, '1.4 GB'],
    [999_600, '1 MB'],
    [5e15, '5 PB'],
  ])('writes %d bytes as %s', (bytes, text) => expect(byteText(bytes)).toBe(text))
})
