import type { FieldRef } from '@plumbline/tools/plan'
import type { Dimension, SemanticModel } from '@plumbline/tools/semantic'

/** Plain-English adjectives of degree, and the nouns whose amount they compare. `less` is the other end. */
const SCALES: { more: string[]; less: string[]; nouns: string[] }[] = [
  {
    more: ['expensive', 'costly', 'dear', 'pricy'],
    less: ['cheap', 'inexpensive'],
    nouns: ['price', 'cost', 'fee', 'amount', 'rate'],
  },
  { more: ['old', 'senior', 'elder'], less: ['young', 'junior'], nouns: ['age'] },
  { more: ['long'], less: ['short', 'brief'], nouns: ['length', 'duration', 'distance', 'hours', 'minutes'] },
  { more: ['tall', 'high'], less: ['short', 'low'], nouns: ['height', 'elevation', 'altitude'] },
  { more: ['heavy'], less: ['light'], nouns: ['weight', 'mass'] },
  {
    more: ['large', 'big', 'great'],
    less: ['small', 'tiny', 'little'],
    nouns: ['size', 'area', 'capacity', 'population', 'surface'],
  },
  { more: ['fast', 'quick'], less: ['slow'], nouns: ['speed', 'velocity'] },
  { more: ['populous', 'populated'], less: [], nouns: ['population'] },
  { more: ['rich', 'wealthy'], less: ['poor'], nouns: ['income', 'salary', 'wealth', 'balance'] },
  { more: ['warm', 'hot'], less: ['cold', 'cool'], nouns: ['temperature'] },
  { more: ['wide', 'broad'], less: ['narrow'], nouns: ['width'] },
  { more: ['deep'], less: ['shallow'], nouns: ['depth'] },
]

const IRREGULAR: Record<string, string> = {
  eldest: 'old',
  farthest: 'far',
  furthest: 'far',
  farther: 'far',
  further: 'far',
}

/** "longest" → long, "busier" → busy, "hottest" → hot; undefined for a word that is no such form. */
export function adjectiveBase(word: string, ending: 'est' | 'er'): string[] {
  const irregular = IRREGULAR[word]
  if (irregular !== undefined && word.endsWith(ending === 'est' ? 'st' : 'er')) return [irregular]
  if (!word.endsWith(ending) || word.length < ending.length + 3) return []
  const base = word.slice(0, -ending.length)
  const forms = [base, `${base}e`]
  if (base.endsWith('i')) forms.push(`${base.slice(0, -1)}y`)
  if (/([bdgmnpt])\1$/.test(base)) forms.push(base.slice(0, -1))
  return forms
}

export interface Degree {
  ref: FieldRef
  direction: 'desc' | 'asc'
}

function scaleOf(adjective: string, dimension: Dimension): 'desc' | 'asc' | undefined {
  if (dimension.adjectives) {
    if (dimension.adjectives.more.includes(adjective)) return 'desc'
    if (dimension.adjectives.less.includes(adjective)) return 'asc'
  }
  if (dimension.kind !== 'numeric') return undefined
  const words = dimension.label.toLowerCase().split(/\s+/)
  for (const { more, less, nouns } of SCALES) {
    if (!nouns.some((noun) => words.includes(noun))) continue
    if (more.includes(adjective)) return 'desc'
    if (less.includes(adjective)) return 'asc'
  }
  return undefined
}

/** The numeric fields an adjective may compare, those that the model names itself first. */
export function degreesOf(adjective: string, model: SemanticModel): Degree[] {
  const own: Degree[] = []
  const general: Degree[] = []
  for (const entity of model.entities) {
    for (const dimension of entity.dimensions) {
      const direction = dimension.private ? undefined : scaleOf(adjective, dimension)
      if (direction === undefined) continue
      const named = [...(dimension.adjectives?.more ?? []), ...(dimension.adjectives?.less ?? [])].includes(adjective)
      const list = named ? own : general
      list.push({ ref: { entity: entity.name, field: dimension.name }, direction })
    }
  }
  return own.length > 0 ? [...own, ...general] : general
}
