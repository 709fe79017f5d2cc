import { type FieldRef, joinPath } from '@plumbline/tools/plan'
import type { Draft } from './draft.ts'
import { sameField } from './value-index.ts'
import type { Workbench } from './workbench.ts'

const LIST_COLUMNS = 8

/** The columns by which a row is shown when none are asked for. */
export function displayColumns(entityName: string, bench: Workbench): FieldRef[] {
  const entity = bench.entity(entityName)
  const shown = (entity?.dimensions ?? []).filter((dimension) => !dimension.private)
  if (entity?.labelDimension !== undefined) return [{ entity: entityName, field: entity.labelDimension }]
  return shown.slice(0, LIST_COLUMNS).map((dimension) => ({ entity: entityName, field: dimension.name }))
}

/** Fields that are to be shown row by row, those of the entity itself or joined to it. */
export function askedColumns(entity: string, draft: Draft, bench: Workbench): FieldRef[] {
  const columns: FieldRef[] = []
  for (const mention of [...draft.asked, ...draft.plain]) {
    if (mention === draft.superlative?.target || mention === draft.superlative?.group) continue
    if (draft.bounds.some((bound) => bound.target?.text === mention.text)) continue
    const settled = bench.settle(mention)
    if (settled.kind !== 'dimension' || !joinPath(bench.model, entity, settled.ref.entity)) continue
    if (
      draft.values.some((use) =>
        use.beside.some((near) => near.kind === 'dimension' && sameField(near.ref, settled.ref)),
      )
    )
      continue
    if (!columns.some((column) => sameField(column, settled.ref)))
      columns.push({ ...settled.ref, ...bench.roleOf(settled.ref.entity, settled.text) })
  }
  return columns
}
