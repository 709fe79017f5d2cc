import type { CatalogTable } from '@plumbline/tools/contract'
import { toAppError } from '@plumbline/tools/errors'
import { PrivateIndex, PrivateSession } from '@plumbline/tools/private-values'
import type { SemanticModel } from '@plumbline/tools/semantic'
import type { SourceClient } from '../mcp/index.ts'

/** Whether a column is private: by the policies, or by the semantic model. */
export type IsPrivate = (table: string, column: string) => boolean

/** The private columns of a source as one person sees them, and their values. */
export interface PrivateColumns {
  readonly isPrivate: IsPrivate
  /** Null: no column is private. */
  session(question: string): Promise<PrivateSession | null>
}

/** Values of a column that are kept; of one with more, those that hold a word of the question are looked up. */
const MAX_VALUES = 10_000
/** Words of a question that are looked up in such a column, the longest first. */
const MAX_LOOKUPS = 12

interface LargeColumn {
  readonly table: string
  readonly column: string
}

/** Reads the values of all private columns, in the name of who asks: what they may not see they can not give away either. */
export async function learnPrivateColumns(
  client: SourceClient,
  tables: readonly CatalogTable[],
  model: SemanticModel,
  byPolicy: IsPrivate,
): Promise<PrivateColumns> {
  const byModel = privateColumnsOf(model)
  const isPrivate: IsPrivate = (table, column) => byPolicy(table, column) || byModel.has(keyOf(table, column))
  const columns = tables.flatMap((table) =>
    table.columns
      .filter(({ name }) => isPrivate(table.name, name))
      .map(({ name }) => ({ table: table.name, column: name })),
  )
  const index = new PrivateIndex()
  const large: LargeColumn[] = []
  for (const { table, column } of columns) {
    const { values, truncated } = await client.listValues({ table, column, limit: MAX_VALUES }).catch(overBudget)
    for (const { value } of values) index.add(`${table}.${column}`, value)
    if (truncated) large.push({ table, column })
  }
  return {
    isPrivate,
    async session(question) {
      if (columns.length === 0) return null
      const session = new PrivateSession(index)
      await Promise.all(large.map((column) => lookUp(client, column, question, session)))
      return session
    },
  }
}

async function lookUp(client: SourceClient, { table, column }: LargeColumn, question: string, session: PrivateSession) {
  const words = [...new Set(question.match(/[\p{L}\p{N}]{3,}/gu) ?? [])].sort((a, b) => b.length - a.length)
  for (const search of words.slice(0, MAX_LOOKUPS)) {
    const { values } = await client.listValues({ table, column, search, limit: 1_000 })
    session.learn(
      `${table}.${column}`,
      values.map(({ value }) => value),
    )
  }
}

/** A table over the person's budget is looked up word by word. */
function overBudget(error: unknown): { values: []; truncated: true } {
  if (toAppError(error).code !== 'BUDGET_EXCEEDED') throw error
  return { values: [], truncated: true }
}

const keyOf = (table: string, column: string) => JSON.stringify([table.toLowerCase(), column.toLowerCase()])

/** The columns of private dimensions; an expression has the columns that it names. */
function privateColumnsOf(model: SemanticModel): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const entity of model.entities) {
    for (const dimension of entity.dimensions.filter((one) => one.private)) {
      const named = [...(dimension.expression ?? '').matchAll(/\{([^}]+)\}/g)].map(([, name]) => name as string)
      const columns = dimension.expression === undefined ? [dimension.column ?? dimension.name] : named
      for (const column of columns) keys.add(keyOf(entity.table ?? entity.name, column))
    }
  }
  return keys
}
