/**
 * Does `work` on items as they come, at most `ahead` of them at once, and gives the results in the order of the items: as soon
 * as each is there, also while the next item is awaited. Nothing more is read while `ahead` results are not taken.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
  ahead: number,
): AsyncGenerator<Result> {
  const source = items[Symbol.asyncIterator]()
  const running: Promise<Result>[] = []
  let next: Promise<IteratorResult<Item>> | null = source.next()
  try {
    while (next !== null || running.length > 0) {
      const first = running[0]
      const incoming = running.length < ahead ? next : null
      // Whichever comes first: a result that may be given, or an item that may be begun.
      const event = await Promise.race([
        ...(first ? [first.then((result) => ({ result }))] : []),
        ...(incoming ? [incoming.then((item) => ({ item }))] : []),
      ])
      if ('result' in event) {
        running.shift()
        yield event.result
      } else if (event.item.done) next = null
      else {
        const begun = work(event.item.value)
        // It is awaited later; until then a failure is no unhandled one.
        begun.catch(() => {})
        running.push(begun)
        next = source.next()
      }
    }
  } finally {
    await source.return?.()
  }
}
