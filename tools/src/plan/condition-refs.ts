import type { Condition, LeafCondition } from './query-plan.ts'

/** The entities, with their role, that a leaf reads. */
export function leafRefs(leaf: LeafCondition): { entity: string; via?: string | undefined }[] {
  if (leaf.kind === 'segment') return [{ entity: leaf.entity }]
  if (leaf.kind === 'fields') return [leaf.left, leaf.right]
  return [leaf.field]
}

export function isLeaf(condition: Condition): condition is LeafCondition {
  return condition.kind !== 'and' && condition.kind !== 'or' && condition.kind !== 'related'
}

/** The positive twin of a negated leaf, or undefined: "not ordered by X" over many rows is NOT EXISTS (ordered by X). */
export function affirmed(leaf: LeafCondition): LeafCondition | undefined {
  if (leaf.kind === 'compare' && leaf.op === '<>') return { ...leaf, op: '=' }
  if ('negated' in leaf && leaf.negated) return { ...leaf, negated: false }
  return undefined
}
