import { type FoldedText, foldings } from './fold-text.ts'
import { PatternMatcher } from './pattern-matcher.ts'

export type PrivateCell = string | number | boolean | null

/** A value that may not reach a model, with the columns that hold it. */
export interface PrivateValue {
  readonly text: string
  /** `customers.name` */
  readonly columns: Set<string>
}

/** Where a private value stands in a text. */
export interface PrivateMatch {
  readonly start: number
  readonly end: number
  readonly value: PrivateValue
}

/** From this length on a value is found inside a longer word, too. */
const LONG = 5
/** A number of fewer digits is everywhere: only the cells of its own column are hidden. */
const DIGITS = 4

/**
 * The values of private columns, found in any text whatever their case, accents, white space and punctuation. `whole`: values of
 * one result, each of which is hidden however short it is.
 */
export class PrivateIndex {
  readonly #matcher = new PatternMatcher<PrivateValue[]>()
  readonly #whole: boolean
  size = 0

  constructor(options: { whole?: boolean } = {}) {
    this.#whole = options.whole ?? false
  }

  add(column: string, cell: PrivateCell): void {
    if (cell === null || typeof cell === 'boolean') return
    const text = String(cell)
    for (const pattern of foldings(text)) {
      if (!this.#isTelling(pattern)) continue
      const values = this.#matcher.add(pattern, () => [])
      const known = values.find((value) => value.text === text)
      if (known) known.columns.add(column)
      else {
        values.push({ text, columns: new Set([column]) })
        this.size++
      }
    }
  }

  find(original: string, folded: FoldedText): PrivateMatch[] {
    return this.#matcher.find(folded.text).flatMap(({ end, length, payload }) => {
      const span = { start: folded.starts[end - length] ?? 0, end: folded.ends[end - 1] ?? 0 }
      const written = original.slice(span.start, span.end)
      const value = payload.find(({ text }) => text === written) ?? payload[0]
      return value && stands(original, span, value, length) ? [{ ...span, value }] : []
    })
  }

  #isTelling(pattern: string): boolean {
    if (pattern === '') return false
    return this.#whole || (/^\d+$/.test(pattern) ? pattern.length >= DIGITS : pattern.length >= 2)
  }
}

const WORD_END = /[\p{L}\p{N}]$/u
const WORD_START = /^[\p{L}\p{N}]/u

/** Whether the match is more than letters of other words that happen to make one up. */
function stands(text: string, span: { start: number; end: number }, value: PrivateValue, length: number): boolean {
  const spaced = /\s/.test(value.text)
  const begins = !WORD_END.test(text.slice(Math.max(0, span.start - 2), span.start))
  const ends = !WORD_START.test(text.slice(span.end, span.end + 2))
  if (begins && ends) return true
  return length >= LONG && (spaced || !/\s/.test(text.slice(span.start, span.end)))
}
