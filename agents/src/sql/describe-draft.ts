import type { Column, QueryResult, Receipt } from '@plumbline/tools/contract'
import { compilePlan } from '@plumbline/tools/plan'
import type { SourceKnowledge } from '../sources/source-knowledge.ts'
import type { Draft } from '../supervisor/thread-state.ts'
import { labelColumns } from './label-columns.ts'

interface Described {
  columns: Column[]
  origin: Receipt['origin']
  filters: Receipt['filters']
}

/** The meaning of a result: columns with labels and units, how it was read, and which values were matched. */
export function describeDraft(draft: Draft, knowledge: SourceKnowledge, bare: QueryResult['columns']): Described {
  if (draft.kind === 'sql') {
    const { origin: kind, reading, assumptions } = draft
    return { columns: labelColumns(bare, knowledge.model), origin: { kind, reading, assumptions }, filters: [] }
  }
  const compiled = compilePlan(draft.plan, knowledge.model, knowledge.dialect)
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
