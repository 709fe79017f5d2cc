import type { Entity, SemanticModel } from '@plumbline/tools/semantic'
import { splitName } from '@plumbline/tools/semantic'

const STOP = new Set(
  'a an and are as at by did do does for from had has have how i in is it its me much many of on or per show than that the their them there they this to was we were what when where which who why will with you your average total number count list give find each every all any between by over under more less most least top'.split(
    ' ',
  ),
)

/** The words of a text that can name something, in a crude singular: "Delays" → "delay". */
export function terms(text: string): string[] {
  return splitName(text)
    .split(' ')
    .filter((word) => word.length > 1 && !STOP.has(word))
    .map(singular)
}

function singular(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.length > 4 && /(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2)
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
}

/**
 * How much each entity has to do with a text, by the words they share. A rare word says more than one that many entities
 * have (inverse document frequency), a name more than a description. Deterministic and without a model: it has to work on
 * models of thousands of columns before the first token is spent.
 */
export function rankEntities(model: SemanticModel, text: string): ReadonlyMap<string, number> {
  const asked = new Set(terms(text))
  const documents = model.entities.map((entity) => ({ name: entity.name, weights: weigh(entity) }))
  const seenIn = new Map<string, number>()
  for (const { weights } of documents) {
    for (const term of weights.keys()) seenIn.set(term, (seenIn.get(term) ?? 0) + 1)
  }
  const rarity = (term: string) => Math.log(1 + documents.length / (seenIn.get(term) ?? 1))
  const scores = new Map<string, number>()
  for (const { name, weights } of documents) {
    let score = 0
    for (const term of asked) score += (weights.get(term) ?? 0) * rarity(term)
    scores.set(name, score)
  }
  return spread(scores, model)
}

/** An entity one join away from a relevant one gets a part of its score: the way to it must be visible. */
function spread(scores: ReadonlyMap<string, number>, model: SemanticModel): ReadonlyMap<string, number> {
  const result = new Map(scores)
  for (const { from, to } of model.joins) {
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      result.set(a, Math.max(result.get(a) ?? 0, (scores.get(b) ?? 0) * 0.3))
    }
  }
  return result
}

function weigh(entity: Entity): Map<string, number> {
  const weights = new Map<string, number>()
  const add = (weight: number, ...texts: (string | undefined)[]) => {
    for (const text of texts) {
      for (const term of terms(text ?? '')) weights.set(term, Math.max(weight, weights.get(term) ?? 0))
    }
  }
  add(3, entity.name, entity.title, ...entity.synonyms)
  add(0.5, entity.description)
  for (const part of [...entity.measures, ...entity.segments, ...entity.dimensions]) {
    if ('private' in part && part.private) continue
    add(2, part.name, part.label, ...part.synonyms)
    add(0.5, part.description)
    if ('values' in part) {
      for (const { value, synonyms } of part.values) add(2, String(value), ...synonyms)
    }
  }
  return weights
}
