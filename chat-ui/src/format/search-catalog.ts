import type { CatalogSource } from '@plumbline/tools/contract'

/**
 * What of the catalog holds a word in its names, descriptions or units. A table that holds it itself keeps all of its
 * columns, else only those that do; an empty word keeps everything.
 */
export function searchCatalog(sources: readonly CatalogSource[], word: string): CatalogSource[] {
  const wanted = word.toLowerCase()
  const holds = (...texts: (string | undefined)[]) => texts.some((text) => text?.toLowerCase().includes(wanted))
  return sources.map((source) => ({
    ...source,
    tables: source.tables.flatMap((table) => {
      if (holds(table.name, table.title, table.description)) return [table]
      const columns = table.columns.filter((column) => holds(column.name, column.description, column.unit))
      return columns.length > 0 ? [{ ...table, columns }] : []
    }),
    measures: source.measures.filter((measure) => holds(measure.name, measure.label, measure.description)),
  }))
}
