import { type FieldRef, singular } from '@plumbline/tools/plan'
import type { Dimension, SemanticModel } from '@plumbline/tools/semantic'
import { splitName } from '@plumbline/tools/semantic'
import { editDistance } from './edit-distance.ts'
import { exactKey, stemKey, wordsOf } from './phrase.ts'
import { singularWord } from './stem.ts'

/** What a phrase of the question may name in the model. */
export type Target =
  | { kind: 'entity'; entity: string }
  | { kind: 'dimension'; ref: FieldRef; dimension: Dimension }
  | { kind: 'measure'; entity: string; name: string }
  | { kind: 'segment'; entity: string; name: string }
  | { kind: 'ambiguity'; index: number }

export interface SchemaMatch {
  target: Target
  /** 1 as written, 0.97 singular for plural, 0.9 by its stem, 0.8 with a typing error. */
  score: number
}

export interface SchemaLexicon {
  readonly longest: number
  match(words: readonly string[]): SchemaMatch[]
  /** A phrase that differs from one word by one letter. */
  similar(word: string): { word: string; matches: SchemaMatch[] } | undefined
}

class Lexicon implements SchemaLexicon {
  longest = 1
  private readonly exact = new Map<string, Target[]>()
  private readonly singulars = new Map<string, Target[]>()
  private readonly stems = new Map<string, Target[]>()

  add(phrase: string, target: Target): void {
    const words = wordsOf(phrase)
    if (words.length === 0 || words.length > 8) return
    this.longest = Math.max(this.longest, words.length)
    for (const [map, key] of [
      [this.exact, words.join(' ')],
      [this.singulars, words.map(singularWord).join(' ')],
      [this.stems, stemKey(phrase)],
    ] as const) {
      const list = map.get(key) ?? []
      if (!list.some((known) => sameTarget(known, target))) map.set(key, [...list, target])
    }
  }

  match(words: readonly string[]): SchemaMatch[] {
    const found: SchemaMatch[] = []
    const take = (targets: Target[] | undefined, score: number) => {
      for (const target of targets ?? []) {
        if (!found.some((known) => sameTarget(known.target, target))) found.push({ target, score })
      }
    }
    take(this.exact.get(words.join(' ')), 1)
    take(this.singulars.get(words.map(singularWord).join(' ')), 0.97)
    const text = words.join(' ')
    take(this.stems.get(stemKey(text)), 0.9)
    return found
  }

  similar(word: string): { word: string; matches: SchemaMatch[] } | undefined {
    if (word.length < 5) return undefined
    for (const map of [this.exact, this.singulars]) {
      for (const [key, targets] of map) {
        if (key.length >= 4 && !key.includes(' ') && editDistance(word, key, 1) === 1) {
          return { word: key, matches: targets.map((target) => ({ target, score: 0.8 })) }
        }
      }
    }
    return undefined
  }
}

function sameTarget(a: Target, b: Target): boolean {
  if (a.kind === 'dimension' && b.kind === 'dimension')
    return a.ref.entity === b.ref.entity && a.ref.field === b.ref.field
  if (a.kind === 'ambiguity' || b.kind === 'ambiguity')
    return a.kind === b.kind && 'index' in a && 'index' in b && a.index === b.index
  if (a.kind !== b.kind || a.kind === 'dimension' || b.kind === 'dimension') return false
  return a.entity === b.entity && ('name' in a ? a.name : '') === ('name' in b ? b.name : '')
}

function build(model: SemanticModel): SchemaLexicon {
  const lexicon = new Lexicon()
  for (const entity of model.entities) {
    const target: Target = { kind: 'entity', entity: entity.name }
    for (const phrase of [splitName(entity.name), entity.title, ...entity.synonyms]) lexicon.add(phrase, target)
    const owner = singular(entity.title)
    for (const dimension of entity.dimensions) {
      if (dimension.private) continue
      const field: Target = { kind: 'dimension', ref: { entity: entity.name, field: dimension.name }, dimension }
      for (const phrase of [dimension.label, splitName(dimension.name), ...dimension.synonyms]) {
        lexicon.add(phrase, field)
        const words = exactKey(phrase)
        if (!words.startsWith(exactKey(owner))) lexicon.add(`${owner} ${phrase}`, field)
        // "birth date of the student" where the column is called student_birth_date.
        else if (words !== exactKey(owner)) lexicon.add(words.slice(exactKey(owner).length), field)
      }
    }
    for (const measure of entity.measures) {
      const named: Target = { kind: 'measure', entity: entity.name, name: measure.name }
      for (const phrase of [measure.label, splitName(measure.name), ...measure.synonyms]) lexicon.add(phrase, named)
    }
    for (const segment of entity.segments) {
      const named: Target = { kind: 'segment', entity: entity.name, name: segment.name }
      for (const phrase of [segment.label, splitName(segment.name), ...segment.synonyms]) lexicon.add(phrase, named)
    }
  }
  model.ambiguities.forEach((ambiguity, index) => {
    for (const phrase of [ambiguity.term, ...ambiguity.synonyms]) lexicon.add(phrase, { kind: 'ambiguity', index })
  })
  return lexicon
}

const CACHE = new WeakMap<SemanticModel, SchemaLexicon>()

/** The words of a model, made once. */
export function schemaLexicon(model: SemanticModel): SchemaLexicon {
  const known = CACHE.get(model)
  if (known) return known
  const made = build(model)
  CACHE.set(model, made)
  return made
}
