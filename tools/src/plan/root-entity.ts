import { AppError } from '../errors/index.ts'
import { joinPath } from './join-path.ts'
import type { ModelIndex } from './model-index.ts'

export interface Reach {
  entity: string
  via?: string | undefined
}

/**
 * The entity to start FROM: every wanted entity must be reached from it by steps that do not multiply its rows. The
 * preferred one wins if it can; else the nearest, which may be a bridge that nobody named.
 */
export function rootEntity(preferred: string, wanted: readonly Reach[], index: ModelIndex): string {
  const { model } = index
  const others = model.entities.map((entity) => entity.name).filter((name) => name !== preferred)
  const named = new Set(wanted.map((reach) => reach.entity))
  let best: { name: string; steps: number } | undefined
  for (const name of [preferred, ...others]) {
    const paths = wanted.map((reach) => joinPath(model, name, reach.entity, { via: reach.via, single: true }))
    if (paths.some((path) => path === undefined)) continue
    if (name === preferred) return name
    const steps = paths.reduce((sum, path) => sum + (path?.length ?? 0), 0) + (named.has(name) ? 0 : 0.5)
    if (best === undefined || steps < best.steps) best = { name, steps }
  }
  if (best) return best.name
  const reachable = wanted.every((reach) => joinPath(model, preferred, reach.entity) !== undefined)
  if (reachable) return preferred
  const titles = [...named].map((name) => index.entity(name).title).join(', ')
  throw new AppError('QUERY_INVALID', `I know no way to join ${titles}. Add the join to the semantic model.`)
}
