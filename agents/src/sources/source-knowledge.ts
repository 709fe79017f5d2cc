import type { CatalogSource, CatalogTable } from '@plumbline/tools/contract'
import { toAppError } from '@plumbline/tools/errors'
import { inferSemanticModel, type SemanticModel } from '@plumbline/tools/semantic'
import type { SqlDialect } from '@plumbline/tools/sql'
import type { SourceClient } from '../mcp/index.ts'
import { buildValueIndex, type ValueIndex } from '../planner/index.ts'
import { type IsPrivate, learnPrivateColumns, type PrivateColumns } from './private-values.ts'

type IndexedValues = Parameters<typeof buildValueIndex>[0][number]

/** All that the agents know of one source, as one person may know it. */
export interface SourceKnowledge extends LearnedSource {
  /** Reads it in the name of who asks. */
  readonly client: SourceClient
}

/** What is learned of a source through MCP; the same for all who see the same of it. */
export interface LearnedSource {
  readonly name: string
  readonly source: CatalogSource
  readonly dialect: SqlDialect
  readonly model: SemanticModel
  readonly values: ValueIndex
  /** What no model may be sent. */
  readonly privates: PrivateColumns
}

/** Values indexed per dimension; a column with more is matched by its first ones only, most frequent first. */
const MAX_VALUES = 5000

/**
 * Reads catalog, semantic model and the searchable values of a source. A source without a model gets an inferred one; one of
 * which the caller sees nothing is none for them (null).
 */
export async function learnSource(client: SourceClient, isPrivate: IsPrivate): Promise<LearnedSource | null> {
  const { source, model: written } = await client.describe()
  if (source.tables.length === 0) return null
  const model = written ?? inferSemanticModel(source.tables.map(bareTable))
  const wanted = model.entities.flatMap((entity) =>
    entity.dimensions
      .filter((dimension) => dimension.searchable && !dimension.private && !dimension.expression)
      .map((dimension) => ({ entity, dimension })),
  )
  const values = await Promise.all(
    wanted.map(async ({ entity, dimension }): Promise<IndexedValues> => {
      const request = {
        table: entity.table ?? entity.name,
        column: dimension.column ?? dimension.name,
        limit: MAX_VALUES,
      }
      const { values } = await client.listValues(request).catch(noneOverBudget)
      return { entity: entity.name, dimension: dimension.name, values }
    }),
  )
  return {
    name: client.name,
    source,
    dialect: source.dialect as SqlDialect,
    model,
    values: buildValueIndex(values, model),
    privates: await learnPrivateColumns(client, source.tables, model, isPrivate),
  }
}

/** Values of a table that is over the person's budget are not matched; their questions work all the same. */
function noneOverBudget(error: unknown): { values: [] } {
  if (toAppError(error).code !== 'BUDGET_EXCEEDED') throw error
  return { values: [] }
}

/** What the inference reads of a table; an unknown row count is left out. */
function bareTable({ name, columns, rowCount }: CatalogTable) {
  return { name, columns, ...(rowCount === undefined ? {} : { rowCount }) }
}
