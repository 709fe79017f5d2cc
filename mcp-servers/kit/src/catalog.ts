import type { CatalogSource, CatalogTable } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { SemanticModel } from '@plumbline/tools/semantic'
import type { SeenTable } from './access.ts'
import { type ToolContext, warehouseOf } from './connection.ts'
import { coveredPeriod } from './covered-period.ts'
import { governedModel } from './governed-model.ts'

/** The tables that the caller may see, with the meaning that the semantic model gives them. */
export async function catalogTables(context: ToolContext): Promise<CatalogTable[]> {
  const model = await governedModel(context)
  return context.access.tables.map((table) => describeTable(table, model))
}

/** One table by name, any case. Throws TABLE_UNKNOWN with the names there are. */
export async function catalogTable(context: ToolContext, name: string): Promise<CatalogTable> {
  const tables = await catalogTables(context)
  const table = tables.find((t) => t.name.toLowerCase() === name.toLowerCase())
  if (table) return table
  const known = tables.slice(0, 20).map((t) => `\`${t.name}\``)
  if (known.length === 0) throw new AppError('TABLE_UNKNOWN', 'There is no table that you may see.')
  throw new AppError('TABLE_UNKNOWN', `Table \`${name.slice(0, 80)}\` is unknown. There are ${known.join(', ')}.`)
}

export async function catalogSource(context: ToolContext): Promise<CatalogSource> {
  const { definition } = context.connection
  const model = await governedModel(context)
  const [tables, period, loadedAt] = await Promise.all([
    catalogTables(context),
    coveredPeriod(context),
    warehouseOf(context).loadedAt(),
  ])
  return {
    name: definition.name,
    title: model?.title ?? definition.title,
    ...(model?.description ? { description: model.description } : {}),
    dialect: definition.dialect,
    zone: model?.zone ?? 'UTC',
    ...period,
    ...(loadedAt ? { loadedAt } : {}),
    tables,
    measures: (model?.entities ?? []).flatMap((entity) =>
      entity.measures.map(({ name, label, description, unit }) => ({
        name: `${entity.name}.${name}`,
        label,
        ...(description ? { description } : {}),
        ...(unit ? { unit } : {}),
      })),
    ),
    suggestions: model?.suggestions ?? [],
  }
}

function describeTable(table: SeenTable, model: SemanticModel | null): CatalogTable {
  const entity = model?.entities.find((e) => (e.table ?? e.name).toLowerCase() === table.name.toLowerCase())
  return {
    name: table.name,
    title: entity?.title ?? table.name,
    ...(entity?.description ? { description: entity.description } : {}),
    ...(table.rowCount === undefined ? {} : { rowCount: table.rowCount }),
    columns: table.columns.map(({ native: _, ...column }) => {
      const known = entity?.dimensions.find((d) => !d.expression && (d.column ?? d.name) === column.name)
      const description = known?.description ?? (known && known.label !== column.name ? known.label : undefined)
      return {
        ...column,
        ...(description ? { description } : {}),
        ...(known?.unit ? { unit: known.unit } : {}),
        ...(table.masked.has(column.name) ? { masked: true } : {}),
      }
    }),
  }
}
