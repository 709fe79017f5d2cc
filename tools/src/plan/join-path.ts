import type { Join, SemanticModel } from '../semantic/index.ts'

/** One hop of a join path. `multiplies`: a row on the near side may meet many on the far side. */
export interface JoinStep {
  join: Join
  near: string
  far: string
  /** Walked from `join.to` to `join.from`. */
  reverse: boolean
  multiplies: boolean
}

function stepsFrom(model: SemanticModel, entity: string): JoinStep[] {
  const steps: JoinStep[] = []
  for (const join of model.joins) {
    if (join.from === entity) {
      steps.push({ join, near: entity, far: join.to, reverse: false, multiplies: join.cardinality === 'one-to-many' })
    }
    if (join.to === entity) {
      steps.push({ join, near: entity, far: join.from, reverse: true, multiplies: join.cardinality === 'many-to-one' })
    }
  }
  return steps
}

const MAX_STEPS = 6
/** A step to many costs a little more, so that of two paths of equal length the one without fan-out wins. */
const cost = (step: JoinStep) => (step.multiplies ? 1.2 : 1)

/**
 * The cheapest way from one entity to another over the key graph (Dijkstra on a graph of a few dozen edges), or
 * undefined. `via` names the join, or its role, of the last step. `single` allows only steps that do not multiply rows.
 */
export function joinPath(
  model: SemanticModel,
  from: string,
  to: string,
  options: { via?: string | undefined; single?: boolean } = {},
): JoinStep[] | undefined {
  const { via, single = false } = options
  if (from === to && (via === undefined || !model.joins.some((join) => join.from === from && join.to === to))) return []
  let open: { at: string; path: JoinStep[]; spent: number }[] = [{ at: from, path: [], spent: 0 }]
  const seen = new Set<string>()
  while (open.length > 0) {
    open.sort((a, b) => a.spent - b.spent)
    const [head, ...rest] = open
    open = rest
    if (!head) break
    const last = head.path.at(-1)
    if (head.at === to && last && (via === undefined || last.join.name === via || last.join.role === via))
      return head.path
    const mark = `${head.at}|${last?.far === to ? last.join.name : ''}`
    if (seen.has(mark) || head.path.length >= MAX_STEPS) continue
    seen.add(mark)
    for (const step of stepsFrom(model, head.at)) {
      if (single && step.multiplies) continue
      open.push({ at: step.far, path: [...head.path, step], spent: head.spent + cost(step) })
    }
  }
  return undefined
}

/** The joins over which `to` can be reached in the same number of steps: two roles of one entity give two. */
export function rivalJoins(model: SemanticModel, from: string, to: string): Join[] {
  const best = joinPath(model, from, to)
  const last = best?.at(-1)
  if (!best || !last) return []
  return model.joins.filter((join) => {
    if (join.from !== last.join.from || join.to !== last.join.to) return false
    return joinPath(model, from, to, { via: join.name })?.length === best.length
  })
}
