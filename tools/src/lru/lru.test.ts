import { expect, it } from 'vitest'
import { Lru } from './lru.ts'

it('keeps the values that were used last', () => {
  const lru = new Lru<number>(2)
  lru.set('a', 1)
  lru.set('b', 2)
  lru.get('a')
  lru.set('c', 3)
  expect(['a', 'b', 'c'].map((key) => lru.get(key))).toEqual([1, undefined, 3])
})

it('makes a value once, and again what could not be made', async () => {
  const lru = new Lru<Promise<string>>(2)
  let tries = 0
  const make = async () => {
    tries++
    if (tries === 1) throw new Error('not yet')
    return `made in try ${tries}`
  }
  await expect(lru.remember('a', make)).rejects.toThrow('not yet')
  expect(await lru.remember('a', make)).toBe('made in try 2')
  expect(await lru.remember('a', make)).toBe('made in try 2')
})
