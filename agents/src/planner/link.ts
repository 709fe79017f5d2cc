import type { SemanticModel } from '@plumbline/tools/semantic'
import { adjectiveBase, type Degree, degreesOf } from './adjectives.ts'
import { functionWord, LONGEST_FUNCTION, type Role, WEAK } from './function-words.ts'
import type { Token } from './lexer.ts'
import type { PlanContext } from './plan-context.ts'
import { type SchemaLexicon, type SchemaMatch, schemaLexicon } from './schema-lexicon.ts'
import { type TimeMeaning, timeExpressions } from './time-expression.ts'
import type { ValueIndex, ValueMatch } from './value-index.ts'

type Meaning =
  | { type: 'time'; meaning: TimeMeaning }
  | { type: 'role'; role: Role; degrees: Degree[] }
  | { type: 'schema'; matches: SchemaMatch[]; plural: boolean }
  | { type: 'value'; matches: ValueMatch[] }
  | { type: 'text' }
  | { type: 'number'; value: number; percent: boolean }
  /** "longest" (est) and "longer" (er): a field to compare by. */
  | { type: 'degree'; form: 'est' | 'er'; degrees: Degree[] }
  | { type: 'unknown' }

/** A stretch of the question and what it may mean. Spans cover every token, so nothing said is lost on the way. */
export type Span = Meaning & { start: number; end: number; text: string }

const NUMBER_WORDS = 'zero,,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen'.split(
  ',',
)

interface Candidate {
  length: number
  /** Breaks ties of length. */
  weight: number
  meaning: Meaning
}

function degreesIn(word: string, ending: 'est' | 'er', model: SemanticModel): Degree[] {
  return adjectiveBase(word, ending).flatMap((base) => degreesOf(base, model))
}

const flip = (degree: Degree): Degree => ({ ...degree, direction: degree.direction === 'desc' ? 'asc' : 'desc' })

function degreeAt(tokens: readonly Token[], at: number, model: SemanticModel): Candidate | undefined {
  const word = tokens[at]?.lower ?? ''
  const next = tokens[at + 1]?.lower ?? ''
  if (['most', 'least', 'more', 'less'].includes(word) && next !== '') {
    const degrees = degreesOf(next, model).map((degree) =>
      word === 'least' || word === 'less' ? flip(degree) : degree,
    )
    const form = word === 'most' || word === 'least' ? 'est' : 'er'
    if (degrees.length > 0) return { length: 2, weight: 3, meaning: { type: 'degree', form, degrees } }
  }
  for (const form of ['est', 'er'] as const) {
    const degrees = degreesIn(word, form, model)
    if (degrees.length > 0) return { length: 1, weight: 1.5, meaning: { type: 'degree', form, degrees } }
  }
  return undefined
}

class Linker {
  private readonly tokens: readonly Token[]
  private readonly model: SemanticModel
  private readonly values: ValueIndex
  private readonly lexicon: SchemaLexicon
  private readonly cues: ReadonlySet<string>

  constructor(tokens: readonly Token[], model: SemanticModel, values: ValueIndex) {
    this.tokens = tokens
    this.model = model
    this.values = values
    this.lexicon = schemaLexicon(model)
    this.cues = new Set(model.entities.flatMap((entity) => entity.dimensions.flatMap((dimension) => dimension.cues)))
  }

  private words(at: number, length: number): string[] {
    return this.tokens.slice(at, at + length).map((token) => token.lower)
  }

  private text(at: number, length: number): string {
    return this.tokens
      .slice(at, at + length)
      .map((token) => token.text)
      .join(' ')
  }

  /** No comma inside, and no quoted text swallowed. */
  private joined(at: number, length: number): boolean {
    const slice = this.tokens.slice(at, at + length)
    return slice.length === length && slice.every((token, n) => (n === 0 || !token.pause) && token.kind !== 'quoted')
  }

  private functionAt(at: number): Candidate | undefined {
    for (let length = Math.min(LONGEST_FUNCTION, this.tokens.length - at); length >= 1; length--) {
      const role = this.joined(at, length) ? functionWord(this.words(at, length).join(' ')) : undefined
      if (!role) continue
      const degrees = role.tag === 'superlative' ? degreesIn(this.tokens[at]?.lower ?? '', 'est', this.model) : []
      // A verb of relation gives way to a thing of the model that is called like it: "enrolled", "ordered".
      const weight = role.tag === 'verb' ? 0.8 : WEAK.has(role.tag) ? 1 : 2.5
      return { length, weight, meaning: { type: 'role', role, degrees } }
    }
    return undefined
  }

  private schemaAt(at: number): Candidate | undefined {
    for (let length = Math.min(this.lexicon.longest, this.tokens.length - at); length >= 1; length--) {
      if (!this.joined(at, length)) continue
      const words = this.words(at, length)
      const matches = this.lexicon.match(words)
      if (matches.length === 0) continue
      const plural = /[^s]s$|people$|children$/.test(words.at(-1) ?? '')
      const best = Math.max(...matches.map((match) => match.score))
      return { length, weight: best >= 0.97 ? 2 : 0.9, meaning: { type: 'schema', matches, plural } }
    }
    return undefined
  }

  private valueAt(at: number): Candidate | undefined {
    const token = this.tokens[at]
    if (token?.kind === 'quoted') {
      const matches = this.values.lookup(token.text)
      return { length: 1, weight: 4, meaning: matches.length > 0 ? { type: 'value', matches } : { type: 'text' } }
    }
    for (let length = Math.min(this.values.longest, this.tokens.length - at); length >= 1; length--) {
      if (!this.tokens.slice(at, at + length).every((one) => one.kind !== 'quoted')) continue
      const text = this.text(at, length)
      const matches = this.values.lookup(text)
      if (matches.length === 0) continue
      const written = matches.some((match) => match.value === text) && /\p{Lu}/u.test(text)
      // Codes collide with plain words ("TOP", "ALL"): those are values only when written as in the data.
      const plainWord = functionWord(text.toLowerCase()) !== undefined
      if (plainWord && !written) continue
      const sentenceStart = at === 0 && length === 1 && !/^\p{Lu}{2,}/u.test(text)
      const plain = matches.every((match) => match.how === 'similar') || (token?.kind === 'number' && length === 1)
      return {
        length,
        weight: written && !sentenceStart ? 3 : plain ? 0.5 : token?.capital && at > 0 ? 2.2 : 1.8,
        meaning: { type: 'value', matches },
      }
    }
    return undefined
  }

  /** A word that the model puts before values of a field: "leaving", "bound for". */
  private cueAt(at: number): Candidate | undefined {
    for (let length = 3; length >= 1; length--) {
      if (!this.cues.has(this.words(at, length).join(' '))) continue
      return { length, weight: 0.95, meaning: { type: 'role', role: { tag: 'preposition' }, degrees: [] } }
    }
    return undefined
  }

  private numberAt(at: number): Candidate | undefined {
    const token = this.tokens[at]
    if (token?.kind === 'number' && token.value !== undefined) {
      return {
        length: 1,
        weight: 1.7,
        meaning: { type: 'number', value: token.value, percent: token.percent ?? false },
      }
    }
    const word = NUMBER_WORDS.indexOf(token?.lower || '?')
    return word < 0 ? undefined : { length: 1, weight: 1.2, meaning: { type: 'number', value: word, percent: false } }
  }

  /** Nothing fits as written: a typing error of a schema word, or the start or a misspelling of a value. */
  private lastResort(at: number, shouted: boolean): Candidate | undefined {
    const token = this.tokens[at]
    if (token?.kind !== 'word') return undefined
    const schema = this.lexicon.similar(token.lower)
    if (schema) return { length: 1, weight: 0, meaning: { type: 'schema', matches: schema.matches, plural: false } }
    const before = this.tokens[at - 1]?.lower ?? ''
    const named =
      (token.capital && at > 0) ||
      (shouted && ['in', 'to', 'from', 'for', 'at', 'by', 'of', 'named', 'called'].includes(before))
    if (!named) return undefined
    for (let length = Math.min(4, this.tokens.length - at); length >= 1; length--) {
      const matches = this.joined(at, length) ? this.values.similar(this.text(at, length)) : []
      if (matches.length > 0) return { length, weight: 0, meaning: { type: 'value', matches } }
    }
    return undefined
  }

  /** A season or weekday that the data has as a value of its own: a term called "spring". */
  private namesValue(time: { start: number; end: number }): boolean {
    const word = this.tokens[time.end - 1]?.lower ?? ''
    if (!/^(spring|summer|fall|autumn|winter|\w+days?)$/.test(word)) return false
    return this.values.lookup(word).some((match) => match.how === 'exact')
  }

  link(context: PlanContext): Span[] {
    const times = new Map(timeExpressions(this.tokens, context).map((span) => [span.start, span]))
    const shouted = !this.tokens.some((token) => token.capital)
    const spans: Span[] = []
    let at = 0
    while (at < this.tokens.length) {
      const time = times.get(at)
      const value = this.valueAt(at)
      if (time && !this.namesValue(time) && !(value && value.length >= time.end - at && value.weight >= 3)) {
        spans.push({
          start: at,
          end: time.end,
          text: this.text(at, time.end - at),
          type: 'time',
          meaning: time.meaning,
        })
        at = time.end
        continue
      }
      const all = [
        this.functionAt(at),
        this.schemaAt(at),
        value,
        this.cueAt(at),
        this.numberAt(at),
        degreeAt(this.tokens, at, this.model),
      ]
      const found = all.filter((candidate) => candidate !== undefined)
      found.sort((a, b) => b.length - a.length || b.weight - a.weight)
      const best = found[0] ?? this.lastResort(at, shouted) ?? { length: 1, meaning: { type: 'unknown' as const } }
      // A time that begins inside would be cut in two.
      const cut = [...times.keys()].find((start) => start > at && start < at + best.length)
      const length = cut === undefined ? best.length : cut - at
      const chosen = cut === undefined ? best : (found.find((candidate) => candidate.length <= length) ?? best)
      const end = at + Math.min(chosen.length, length)
      spans.push({ start: at, end, text: this.text(at, end - at), ...chosen.meaning })
      at = end
    }
    return spans
  }
}

/** Cuts the question into spans, the longest match first. */
export function linkSpans(
  tokens: readonly Token[],
  model: SemanticModel,
  values: ValueIndex,
  context: PlanContext,
): Span[] {
  return new Linker(tokens, model, values).link(context)
}
