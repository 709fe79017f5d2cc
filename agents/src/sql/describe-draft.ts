import type { Column, QueryResult, Receipt } from '@plumbline/tools/contract'
import type { CompiledPlan } from '@plumbline/tools/plan'
import type { SemanticModel } from '@plumbline/tools/semantic'
import type { Draft } from '../supervisor/thread-state.ts'
import { labelColumns } from './label-columns.ts'

interface Described {
  columns: Column[]
  origin: Receipt['origin']
  filters: Receipt['filters']
}

/**
 * The meaning of a result: columns with labels and units, how it was read, and which values were matched. `compiled` is
 * what `write` made of a plan.
 */
export function describeDraft(
  draft: Draft,
  compiled: CompiledPlan | null,
  model: SemanticModel,
  bare: QueryResult['columns'],
): Described {
  if (draft.kind === 'sql') {
    const { origin: kind, reading, assumptions } = draft
    return { columns: labelColumns(bare, model), origin: { kind, reading, assumptions }, filters: [] }
  }
  if (!compiled) throw new Error('a plan is described after write compiled it')
  const planned = new Map(compiled.columns.map((column) => [column.name, column]))
  return {
    // The database knows the type best; the plan knows what the column means.
    columns: bare.map((column) => ({ ...(planned.get(column.name) ?? { label: column.name }), ...column })),
    origin: {
      kind: 'plan',
      reading: compiled.reading,
      assumptions: [...draft.assumptions, ...compiled.assumptions],
      ...(draft.confidence > 0 ? { confidence: draft.confidence } : {}),
    },
    filters: compiled.filters,
  }
}
