import type { Column } from '../contract/column.ts'
import type { ReceiptFilter } from '../contract/receipt.ts'
import { AppError } from '../errors/index.ts'
import type { SemanticModel } from '../semantic/index.ts'
import { compileDetail } from './compile-detail.ts'
import { compileGrouped } from './compile-grouped.ts'
import { receiptFilters } from './condition-text.ts'
import type { PlanDialect } from './dialect.ts'
import { planDialect } from './dialects/index.ts'
import { ModelIndex } from './model-index.ts'
import { QueryPlan } from './query-plan.ts'
import { reading } from './reading.ts'
import type { CompileContext } from './scope.ts'

export interface CompiledPlan {
  sql: string
  /** The columns of the result in their order, with what the semantic model knows about them. */
  columns: Column[]
  filters: ReceiptFilter[]
  tables: { name: string; columns: string[] }[]
  /** The plan in one sentence of plain English. */
  reading: string
  /** What was taken for granted on the way: rows a join leaves out. */
  assumptions: string[]
}

function attempt(plan: QueryPlan, index: ModelIndex, dialect: PlanDialect, qualify: boolean) {
  const context: CompileContext = {
    index,
    dialect,
    qualify,
    aliases: new Set(['pairs', 'grouped', 'ranked', 'per_group']),
    assumptions: new Set(),
    tables: new Map(),
    sources: 0,
  }
  const { sql, columns } = plan.measures.length > 0 ? compileGrouped(plan, context) : compileDetail(plan, context)
  return { sql, columns, context }
}

/**
 * A plan as SQL of a dialect (`duckdb`, `postgresql`, `sqlite`). Values become quoted literals, names come from the
 * semantic model only.
 * @throws AppError QUERY_INVALID when the plan names something the model lacks or cannot join, QUERY_TOO_COMPLEX for
 *   combinations that one statement can not say, CAPABILITY_MISSING for an unknown dialect.
 */
export function compilePlan(plan: QueryPlan, model: SemanticModel, dialectName: string): CompiledPlan {
  const parsed = QueryPlan.safeParse(plan)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new AppError(
      'QUERY_INVALID',
      `The plan is malformed at ${issue?.path.join('.') ?? '?'}: ${issue?.message ?? ''}.`,
      {
        cause: parsed.error,
      },
    )
  }
  const index = new ModelIndex(model)
  const dialect = planDialect(dialectName)
  const bare = attempt(parsed.data, index, dialect, false)
  const { sql, columns, context } = bare.context.sources > 1 ? attempt(parsed.data, index, dialect, true) : bare
  const conditions = [...parsed.data.filters, ...parsed.data.measures.flatMap((measure) => measure.where ?? [])]
  return {
    sql,
    columns,
    filters: receiptFilters(conditions, index),
    tables: [...context.tables].map(([name, names]) => ({ name, columns: [...names] })),
    reading: reading(parsed.data, index),
    assumptions: [...context.assumptions],
  }
}
