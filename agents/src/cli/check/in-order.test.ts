import { describe, expect, it } from 'vitest'
import { inOrder } from './in-order.ts'

/** A promise and the key to it. */
function gate<Value>() {
  let open!: (value: Value) => void
  const promise = new Promise<Value>((resolve) => {
    open = resolve
  })
  return { promise, open }
}

describe('results in the order of their items', () => {
  it('come in order, whichever is done first [cli.check]', async () => {
    const works = [gate<string>(), gate<string>(), gate<string>()]
    const results = inOrder(numbers(3), (i) => (works[i] as (typeof works)[0]).promise, 3)
    works[2]?.open('c')
    works[1]?.open('b')
    works[0]?.open('a')
    expect(await Array.fromAsync(results)).toEqual(['a', 'b', 'c'])
  })

  it('come while the next item is still awaited [cli.check]', async () => {
    const more = gate<void>()
    async function* slow() {
      yield 1
      await more.promise
      yield 2
    }
    const results = inOrder(slow(), async (item) => item * 10, 4)
    expect((await results.next()).value).toBe(10)
    more.open()
    expect((await results.next()).value).toBe(20)
    expect((await results.next()).done).toBe(true)
  })

  it('hold the input back while they are not taken [cli.check]', async () => {
    let read = 0
    async function* counted() {
      for (;;) yield read++
    }
    const results = inOrder(counted(), async (item) => item, 4)
    for (let i = 0; i < 10; i++) expect((await results.next()).value).toBe(i)
    expect(read).toBeLessThanOrEqual(10 + 4 + 2)
    await results.return(undefined)
  })

  it('end with the first failure [cli.check]', async () => {
    const results = inOrder(
      numbers(3),
      async (i) => {
        if (i === 1) throw new Error('no')
        return i
      },
      2,
    )
    expect((await results.next()).value).toBe(0)
    await expect(results.next()).rejects.toThrow('no')
  })
})

async function* numbers(count: number) {
  for (let i = 0; i < count; i++) yield i
}
