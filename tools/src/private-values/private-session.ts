import type { SqlDialect } from '../sql/index.ts'
import { foldText } from './fold-text.ts'
import { type PrivateCell, PrivateIndex, type PrivateMatch, type PrivateValue } from './private-index.ts'
import { restoreSql } from './restore-sql.ts'
import { newMark, OPEN, TOKEN, tokenOf } from './token.ts'

/**
 * The private values of one question: what a model gets has tokens in their place, the same value the same token, and what it
 * writes gets the values back. Only tokens that this session has given out keep their brackets in a text that goes in, and their
 * end can not be guessed: nothing else makes one.
 */
export class PrivateSession {
  readonly #shared: PrivateIndex
  readonly #own = new PrivateIndex({ whole: true })
  readonly #tokens = new Map<string, string>()
  readonly #values = new Map<string, PrivateValue>()
  readonly #counts = new Map<string, number>()
  readonly #mark = newMark()

  constructor(shared: PrivateIndex) {
    this.#shared = shared
  }

  /** Cells of a private column that are about to be shown: hidden however short they are. */
  learn(column: string, cells: Iterable<PrivateCell>): void {
    for (const cell of cells) this.#own.add(column, cell)
  }

  /** Twice is once: what is hidden stays as it is. */
  hide(text: string): string {
    const given = (text.match(TOKEN) ?? []).filter((token) => this.#values.has(token))
    const [first = '', ...rest] = splitAt(text, given).map((part) => this.#hidePart(part))
    return rest.reduce((hidden, part, i) => hidden + given[i] + part, first)
  }

  #hidePart(text: string): string {
    const clean = text.replaceAll('⟦', '[').replaceAll('⟧', ']')
    const folded = foldText(clean)
    const matches = apart([...this.#shared.find(clean, folded), ...this.#own.find(clean, folded)])
    let hidden = ''
    let at = 0
    for (const { start, end, value } of matches) {
      hidden += clean.slice(at, start) + this.#token(value)
      at = end
    }
    return hidden + clean.slice(at)
  }

  /** Every text in it, names of fields left alone. */
  hideDeep(value: unknown): unknown {
    return mapTexts(value, (text) => this.hide(text))
  }

  restore(text: string): string {
    return text.replace(TOKEN, (token) => this.#values.get(token)?.text ?? token)
  }

  /**
   * Every text in it gets its values back; what stands under `sql` as literals of the dialect.
   * @throws AppError MODEL_OUTPUT_INVALID when a token stands where no literal can
   */
  restoreDeep(value: unknown, dialect: SqlDialect): unknown {
    return mapTexts(value, (text, key) => (key === 'sql' ? this.restoreSql(text, dialect) : this.restore(text)))
  }

  restoreSql(sql: string, dialect: SqlDialect): string {
    return restoreSql(sql, dialect, (token) => this.#values.get(token)?.text)
  }

  /** For text that arrives piece by piece: gives what can be told by now. */
  restoring(give: (text: string) => void): { push(delta: string): void; end(): void } {
    let open = ''
    const flush = (to: number) => {
      if (to > 0) give(this.restore(open.slice(0, to)))
      open = open.slice(to)
    }
    return {
      push: (delta) => {
        open += delta
        const begun = open.lastIndexOf(OPEN)
        const whole = begun < 0 || open.indexOf('⟧', begun) >= 0 || open.length - begun > 80
        flush(whole ? open.length : begun)
      },
      end: () => flush(open.length),
    }
  }

  /** Which columns the tokens that were given out stand for: `⟦name_1⟧: a value of customers.name`. */
  legend(): string[] {
    return [...this.#values].map(([token, { columns }]) => `${token}: a value of ${[...columns].sort().join(' or ')}`)
  }

  #token(value: PrivateValue): string {
    const known = this.#tokens.get(value.text)
    if (known) {
      for (const column of value.columns) this.#values.get(known)?.columns.add(column)
      return known
    }
    const kind = kindOf([...value.columns][0] ?? '')
    const number = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, number)
    const token = tokenOf(kind, number, this.#mark)
    this.#tokens.set(value.text, token)
    this.#values.set(token, { text: value.text, columns: new Set(value.columns) })
    return token
  }
}

/** The text before, between and behind these parts of it, which stand there in this order. */
function splitAt(text: string, parts: readonly string[]): string[] {
  const between: string[] = []
  let at = 0
  for (const part of parts) {
    const found = text.indexOf(part, at)
    between.push(text.slice(at, found))
    at = found + part.length
  }
  return [...between, text.slice(at)]
}

/** The last part of a column's name, in plain letters. */
function kindOf(column: string): string {
  const letters = column
    .slice(column.lastIndexOf('.') + 1)
    .toLowerCase()
    .replace(/[^a-z]+/g, '_')
  return letters.replace(/^_+|_+$/g, '').slice(0, 24) || 'value'
}

/** Of matches that overlap the one that begins first, of those the longest. */
function apart(matches: PrivateMatch[]): PrivateMatch[] {
  const sorted = matches.sort((a, b) => a.start - b.start || b.end - a.end)
  const kept: PrivateMatch[] = []
  let end = 0
  for (const match of sorted) {
    if (match.start < end) {
      // What sticks out of the one before it would still tell: both go.
      const last = kept.at(-1)
      if (last && match.end > end) {
        kept[kept.length - 1] = { ...last, end: match.end }
        end = match.end
      }
      continue
    }
    kept.push(match)
    end = match.end
  }
  return kept
}

function mapTexts(value: unknown, map: (text: string, key: string) => string, key = ''): unknown {
  if (typeof value === 'string') return map(value, key)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, map, name)]))
}
