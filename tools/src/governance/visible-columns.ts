import type { AppliedMask, SourceAccess, TableAccess } from './source-access.ts'
import { strictestMask } from './strictest-mask.ts'

/** A column that someone may see, with the mask that stands before its values. */
export interface VisibleColumn<Column> {
  readonly column: Column
  readonly mask?: AppliedMask
}

/** The columns of a table that this access lets through, in their order. */
export function visibleColumns<Column extends { readonly name: string }>(
  access: TableAccess,
  columns: readonly Column[],
): VisibleColumn<Column>[] {
  return columns.flatMap((column) => {
    const name = column.name.toLowerCase()
    if (access.except.has(name) || (access.columns !== '*' && !access.columns.has(name))) return []
    const [own, every] = [access.masks.get(name), access.masks.get('*')]
    const mask = own && every ? strictestMask(own, every) : (own ?? every)
    return [mask ? { column, mask } : { column }]
  })
}

/** The tables that someone may see at all: one without a visible column does not exist for them. */
export function visibleTables<Table extends { readonly name: string; readonly columns: readonly { name: string }[] }>(
  access: SourceAccess,
  tables: readonly Table[],
): { readonly table: Table; readonly access: TableAccess }[] {
  return tables.flatMap((table) => {
    const own = access.table(table.name)
    return own && visibleColumns(own, table.columns).length > 0 ? [{ table, access: own }] : []
  })
}
