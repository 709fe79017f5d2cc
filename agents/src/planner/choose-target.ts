import type { SemanticModel } from '@plumbline/tools/semantic'
import type { Mention } from './draft.ts'
import type { Span } from './link.ts'
import type { SchemaMatch, Target } from './schema-lexicon.ts'

/** What the reader waits for when it meets a schema word. */
export type Wish = 'number' | 'group' | 'count' | 'any'

export interface Mentioned {
  /** Entities that are named in the question beyond doubt. */
  entities: Set<string>
  /** The entity named next to a span, as in "name of the student". */
  owner(span: Span): string | undefined
}

export function entityOf(target: Target): string | undefined {
  if (target.kind === 'ambiguity') return undefined
  return target.kind === 'dimension' ? target.ref.entity : target.entity
}

function suits(target: Target, wish: Wish): number {
  const numeric =
    target.kind === 'measure' ||
    target.kind === 'ambiguity' ||
    (target.kind === 'dimension' && target.dimension.kind === 'numeric')
  switch (wish) {
    case 'number':
      return numeric ? 2 : target.kind === 'entity' ? 0.5 : 0
    case 'group':
      return target.kind === 'entity' ? 2 : target.kind === 'dimension' ? 1.5 : 0
    case 'count':
      return target.kind === 'entity' ? 2 : target.kind === 'measure' ? 1.5 : target.kind === 'segment' ? 1.4 : 1
    case 'any':
      return target.kind === 'entity' ? 1 : 0.8
  }
}

/** The target that fits best here; equals that mean something else stay as rivals, to be asked about. */
export function chooseTarget(
  span: Span & { matches: SchemaMatch[] },
  wish: Wish,
  mentioned: Mentioned,
  model: SemanticModel,
): Mention | undefined {
  const owner = mentioned.owner(span)
  const ranked = span.matches
    .map(({ target, score }) => {
      const entity = entityOf(target)
      const near = entity !== undefined && entity === owner ? 3 : 0
      const said = entity !== undefined && mentioned.entities.has(entity) ? 1.2 : 0
      return { target, points: score * 10 + suits(target, wish) + near + said }
    })
    .sort((a, b) => b.points - a.points)
  const best = ranked[0]
  if (!best) return undefined
  const rivals = ranked
    .slice(1)
    .filter(
      (one) =>
        one.points > best.points - 0.05 &&
        one.target.kind === best.target.kind &&
        !joined(one.target, best.target, model),
    )
    .map((one) => one.target)
  return { ...best.target, text: span.text, ...(rivals.length > 0 ? { rivals } : {}) }
}

/** Two key columns that a join sets equal mean the same. */
export function joined(a: Target, b: Target, model: SemanticModel): boolean {
  if (a.kind !== 'dimension' || b.kind !== 'dimension') return false
  const column = (target: typeof a) => [target.ref.field, target.dimension.column ?? target.ref.field]
  return model.joins.some((join) =>
    join.on.some((pair) => {
      const ends = (from: typeof a, to: typeof a) =>
        join.from === from.ref.entity &&
        join.to === to.ref.entity &&
        column(from).includes(pair.from) &&
        column(to).includes(pair.to)
      return ends(a, b) || ends(b, a)
    }),
  )
}
