/** Irregular forms that rules would get wrong, by their stem. */
const IRREGULAR = new Map(
  Object.entries({
    people: 'person',
    children: 'child',
    men: 'man',
    women: 'woman',
    feet: 'foot',
    taught: 'teach',
    bought: 'buy',
    sold: 'sell',
    flew: 'fly',
    flown: 'fly',
    flying: 'fly',
    left: 'leave',
    leaving: 'leave',
    took: 'take',
    taken: 'take',
    wrote: 'write',
    written: 'write',
    made: 'make',
    making: 'make',
    built: 'build',
    went: 'go',
    gone: 'go',
    won: 'win',
    gave: 'give',
    given: 'give',
    paid: 'pay',
    series: 'series',
    species: 'species',
    status: 'status',
    bus: 'bus',
    gas: 'gas',
  }),
)

/** "flights" → "flight", "cities" → "city"; leaves "address" and "bus". */
export function singularWord(word: string): string {
  if (IRREGULAR.has(word)) return IRREGULAR.get(word) ?? word
  if (word.length < 4 || /(ss|us|is)$/.test(word)) return word
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(ch|sh|x|ss|z)es$/.test(word)) return word.slice(0, -2)
  return word.replace(/s$/, '')
}

function undouble(word: string): string {
  return /([bdfgklmnprt])\1$/.test(word) && !/(ll|ss)$/.test(word) ? word.slice(0, -1) : word.replace(/ll$/, 'l')
}

/**
 * A light suffix stripper in the spirit of Porter (1980): enough to bring cancelled, cancellations and cancel, or
 * departing, departure and departed together; both sides of a match go through it, so it need not give words.
 */
export function stem(word: string): string {
  const known = IRREGULAR.get(word)
  if (known !== undefined) return known
  let base = singularWord(word)
  if (base.length > 6 && /(ation|ition)$/.test(base)) base = base.slice(0, -5)
  else if (base.length > 6 && /(ture|sion|tion|ment|ness)$/.test(base))
    base = base.slice(0, /ture$|tion$/.test(base) ? -3 : -4)
  if (base.length > 5 && /ing$/.test(base)) base = undouble(base.slice(0, -3))
  else if (base.length > 4 && /ed$/.test(base)) base = undouble(base.slice(0, -2))
  else if (base.length > 5 && /(al|ly)$/.test(base)) base = base.slice(0, -2)
  if (base.length > 3) base = base.replace(/e$/, '').replace(/y$/, 'i')
  return base.replace(/ll$/, 'l')
}
