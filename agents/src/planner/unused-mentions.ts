import type { FieldRef, QueryPlan } from '@plumbline/tools/plan'
import type { Draft } from './draft.ts'
import type { Workbench } from './workbench.ts'

function usedIn(plan: QueryPlan): { entities: Set<string>; fields: FieldRef[] } {
  const entities = new Set<string>([plan.base])
  const fields: FieldRef[] = []
  JSON.stringify(plan, (key, value: unknown) => {
    if (key === 'entity' && typeof value === 'string') entities.add(value)
    if (value !== null && typeof value === 'object' && 'entity' in value && 'field' in value) {
      if (typeof value.entity === 'string' && typeof value.field === 'string')
        fields.push({ entity: value.entity, field: value.field })
    }
    return value
  })
  return { entities, fields }
}

/**
 * Things of the model that the question names and the plan does not use. They were understood word by word and yet have
 * no part in the answer, so the question was not: naming them keeps the planner honest.
 */
export function unusedMentions(plan: QueryPlan, draft: Draft, bench: Workbench): string[] {
  const used = usedIn(plan)
  const besides = draft.values.flatMap((use) => use.beside.map((mention) => mention.text))
  const unused: string[] = []
  const relations = [...draft.verbs, ...draft.related, ...draft.plain.filter((mention) => mention.verbal)]
  for (const mention of [...draft.plain, ...draft.asked]) {
    if (besides.includes(mention.text)) continue
    const settled = mention.kind === 'ambiguity' ? bench.settle(mention) : mention
    if (settled.kind === 'entity') {
      const near = [...used.entities].some((entity) =>
        bench.model.joins.some(
          (join) => [join.from, join.to].includes(entity) && [join.from, join.to].includes(settled.entity),
        ),
      )
      if (!used.entities.has(settled.entity) && !(near && relations.length > 0)) unused.push(settled.text)
    } else if (settled.kind === 'dimension') {
      const found = used.fields.some(
        (field) =>
          (field.entity === settled.ref.entity && field.field === settled.ref.field) ||
          bench.sameMeaning(field, settled.ref),
      )
      if (!found) unused.push(settled.text)
    } else if (settled.kind === 'grain' || settled.kind === 'part') {
      const cut = JSON.stringify(plan).includes(
        settled.kind === 'grain' ? `"grain":"${settled.grain}"` : `"part":"${settled.part}"`,
      )
      if (!cut && draft.times.length === 0) unused.push(settled.text)
    }
  }
  return unused
}
