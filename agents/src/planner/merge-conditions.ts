import type { Condition, FieldRef, LeafCondition } from '@plumbline/tools/plan'

export function conditionField(condition: Condition): FieldRef | undefined {
  return 'field' in condition ? condition.field : undefined
}

const same = (a: FieldRef | undefined, b: FieldRef | undefined) =>
  a !== undefined && b !== undefined && a.entity === b.entity && a.field === b.field && a.via === b.via

/** "United and Delta" can not both be the one airline of a row: values of one field become one list. */
export function mergeValues(conditions: LeafCondition[]): LeafCondition[] {
  const merged: LeafCondition[] = []
  for (const condition of conditions) {
    const at = merged.findIndex(
      (known) =>
        known.kind === 'in' &&
        condition.kind === 'in' &&
        known.negated === condition.negated &&
        same(known.field, condition.field),
    )
    const known = merged[at]
    if (known?.kind === 'in' && condition.kind === 'in') {
      const asked = [known.asked ?? known.values.join(', '), condition.asked ?? condition.values.join(', ')].join(', ')
      merged[at] = { ...known, values: [...new Set([...known.values, ...condition.values])], asked }
    } else merged.push(condition)
  }
  return merged
}

/** Several stretches of one time, "July and August", are alternatives. */
export function mergeTimes(conditions: LeafCondition[]): Condition[] {
  const ranges = conditions.filter(
    (condition) => condition.kind === 'time' && condition.from !== undefined && condition.to !== undefined,
  )
  const rest = conditions.filter((condition) => !ranges.includes(condition))
  const parts: LeafCondition[] = []
  for (const part of rest) {
    const at = parts.findIndex(
      (known) =>
        known.kind === 'part' && part.kind === 'part' && known.part === part.part && same(known.field, part.field),
    )
    const known = parts[at]
    if (known?.kind === 'part' && part.kind === 'part') {
      parts[at] = {
        ...known,
        values: [...new Set([...known.values, ...part.values])],
        label: `${known.label} and ${part.label.replace(/^(in|on) /, '')}`,
      }
    } else parts.push(part)
  }
  if (ranges.length > 1) return [{ kind: 'or', items: ranges }, ...parts]
  return [...ranges, ...parts]
}
