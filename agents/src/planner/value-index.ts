import type { Cell } from '@plumbline/tools/contract'
import type { FieldRef } from '@plumbline/tools/plan'
import type { SemanticModel } from '@plumbline/tools/semantic'
import { editDistance } from './edit-distance.ts'
import { exactKey, stemKey, wordsOf } from './phrase.ts'

export interface ValueMatch {
  ref: FieldRef
  value: Cell
  /** Rows that hold it. */
  count: number
  how: 'exact' | 'synonym' | 'similar'
}

/** The distinct values of the searchable fields, found by the words a person may use for them. */
export interface ValueIndex {
  /** The most words a value or one of its names has. */
  readonly longest: number
  /** As written, by a synonym, or inflected. */
  lookup(text: string): ValueMatch[]
  /** Last resort: the start of a longer value, or a typing error. */
  similar(text: string): ValueMatch[]
  /** Whether a field's values are all in the index, so that a miss means that the data lacks the value. */
  covers(ref: FieldRef): boolean
  /** A few values of a field, for "it has …". */
  examples(ref: FieldRef, limit: number): Cell[]
}

type Entry = Omit<ValueMatch, 'how'>

/** More values than this under one prefix say nothing: "San" of twelve cities. */
const PREFIX_LIMIT = 6
const LONGEST_VALUE = 8

/** What stands behind a company's name and is left out in speech. */
const LEGAL_FORMS = new Set(
  'inc incorporated corp corporation co company ltd limited llc llp plc gmbh ag kg sa srl bv nv oy ab as pty'.split(
    ' ',
  ),
)

/** "Acme Tools Inc." is also called "Acme Tools". */
function withoutLegalForm(words: readonly string[]): string[] {
  const last = words.at(-1)
  return words.length > 1 && last !== undefined && LEGAL_FORMS.has(last) ? [words.slice(0, -1).join(' ')] : []
}

class Index implements ValueIndex {
  longest = 1
  private readonly exact = new Map<string, Entry[]>()
  private readonly synonyms = new Map<string, Entry[]>()
  private readonly stems = new Map<string, Entry[]>()
  private readonly prefixes = new Map<string, Entry[]>()
  private readonly byLength = new Map<number, string[]>()
  private readonly fields = new Map<string, Entry[]>()

  private put(map: Map<string, Entry[]>, key: string, entry: Entry): void {
    if (key === '') return
    const list = map.get(key)
    if (!list) map.set(key, [entry])
    else if (!list.some((known) => known.value === entry.value && sameField(known.ref, entry.ref))) list.push(entry)
  }

  addField(ref: FieldRef): void {
    const key = `${ref.entity}.${ref.field}`
    if (!this.fields.has(key)) this.fields.set(key, [])
  }

  add(entry: Entry, synonyms: readonly string[]): void {
    if (typeof entry.value !== 'string') return
    this.fields.get(`${entry.ref.entity}.${entry.ref.field}`)?.push(entry)
    const words = wordsOf(entry.value)
    if (words.length === 0 || words.length > LONGEST_VALUE) return
    this.longest = Math.max(this.longest, words.length)
    const key = words.join(' ')
    if (!this.exact.has(key)) this.byLength.set(key.length, [...(this.byLength.get(key.length) ?? []), key])
    this.put(this.exact, key, entry)
    this.put(this.stems, stemKey(entry.value), entry)
    for (let length = 1; length < words.length; length++)
      this.put(this.prefixes, words.slice(0, length).join(' '), entry)
    for (const synonym of [...synonyms, ...withoutLegalForm(words)]) {
      const name = exactKey(synonym)
      this.longest = Math.max(this.longest, name.split(' ').length)
      if (!this.synonyms.has(name)) this.byLength.set(name.length, [...(this.byLength.get(name.length) ?? []), name])
      this.put(this.synonyms, name, entry)
    }
  }

  lookup(text: string): ValueMatch[] {
    const key = exactKey(text)
    const exact = (this.exact.get(key) ?? []).map((entry) => ({ ...entry, how: 'exact' as const }))
    const named = (this.synonyms.get(key) ?? []).map((entry) => ({ ...entry, how: 'synonym' as const }))
    const found = [
      ...exact,
      ...named.filter((one) => !exact.some((other) => other.value === one.value && sameField(other.ref, one.ref))),
    ]
    if (found.length > 0) return found
    return (this.stems.get(stemKey(text)) ?? []).map((entry) => ({ ...entry, how: 'similar' as const }))
  }

  similar(text: string): ValueMatch[] {
    const key = exactKey(text)
    const begun = this.prefixes.get(key) ?? []
    if (begun.length > 0 && begun.length <= PREFIX_LIMIT)
      return begun.map((entry) => ({ ...entry, how: 'similar' as const }))
    if (key.length < 5) return []
    const limit = key.length >= 9 ? 2 : 1
    let best: { keys: string[]; distance: number } = { keys: [], distance: limit }
    for (let length = key.length - limit; length <= key.length + limit; length++) {
      for (const known of this.byLength.get(length) ?? []) {
        const distance = editDistance(key, known, best.distance)
        if (distance > best.distance) continue
        best = distance < best.distance ? { keys: [known], distance } : { ...best, keys: [...best.keys, known] }
      }
    }
    return best.keys.flatMap((known) =>
      [...(this.exact.get(known) ?? []), ...(this.synonyms.get(known) ?? [])].map((entry) => ({
        ...entry,
        how: 'similar' as const,
      })),
    )
  }

  covers(ref: FieldRef): boolean {
    return (this.fields.get(`${ref.entity}.${ref.field}`)?.length ?? 0) > 0
  }

  examples(ref: FieldRef, limit: number): Cell[] {
    const entries = this.fields.get(`${ref.entity}.${ref.field}`) ?? []
    return [...entries]
      .sort((a, b) => b.count - a.count)
      .slice(0, limit)
      .map((entry) => entry.value)
  }
}

export function sameField(a: FieldRef, b: FieldRef): boolean {
  return a.entity === b.entity && a.field === b.field
}

/**
 * Builds the index from distinct values (`list_values` of an engine). Private fields are left out whatever is passed.
 * Synonyms come from the model; a value that only the model knows is not indexed: the data does not have it.
 */
export function buildValueIndex(
  values: { entity: string; dimension: string; values: { value: Cell; count: number }[] }[],
  model: SemanticModel,
): ValueIndex {
  const index = new Index()
  for (const list of values) {
    const entity = model.entities.find((candidate) => candidate.name === list.entity)
    const dimension = entity?.dimensions.find((candidate) => candidate.name === list.dimension)
    if (!dimension || dimension.private) continue
    const ref = { entity: list.entity, field: list.dimension }
    index.addField(ref)
    for (const { value, count } of list.values) {
      const named = dimension.values.find((candidate) => candidate.value === value)
      index.add({ ref, value, count }, named?.synonyms ?? [])
    }
  }
  return index
}
