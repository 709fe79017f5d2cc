import type { Principal } from '@plumbline/tools/contract'
import { resolveAccess, visibleColumns, visibleTables } from '@plumbline/tools/governance'
import type { GateOptions, SqlDialect } from '@plumbline/tools/sql'
import { columnType } from './column-type.ts'
import type { CheckRules, CheckSchema } from './rules.ts'

/**
 * What a statement of this person is held to. Without policies or a person every table of the schema may be read, and without a
 * schema every table there is.
 */
export function gateOptions(rules: CheckRules, dialect: SqlDialect, principal: Principal | null): GateOptions {
  const { policies, schema, source } = rules
  if (schema === null) return { dialect, tables: null }
  const typed = (column: CheckSchema[number]['columns'][number]) => ({ ...column, type: columnType(column.type) })
  if (policies === null || principal === null) {
    return { dialect, tables: schema.map(({ name, columns }) => ({ ...path(name), columns: columns.map(typed) })) }
  }
  const access = resolveAccess(policies, principal, source)
  const tables = visibleTables(access, schema).map(({ table, access: own }) => {
    const visible = new Map(visibleColumns(own, table.columns).map(({ column, mask }) => [column, mask]))
    return {
      ...path(table.name),
      columns: table.columns.map((column) => {
        const mask = visible.get(column)?.mask
        return { ...typed(column), denied: !visible.has(column), ...(mask ? { mask } : {}) }
      }),
      filters: own.filters.map(({ id, sql }) => ({ id, sql })),
    }
  })
  return { dialect, tables, principal, hashSalt: SHOWN_SALT }
}

/** Nothing is run: in what is printed the secret of hash masks has this in its place. */
const SHOWN_SALT = 'the-secret-of-hash-masks'

/** `sales.orders` names its schema. */
function path(name: string): { catalog?: string; schema?: string; name: string } {
  const parts = name.split('.')
  const own = parts.pop() ?? name
  const [schema, catalog] = parts.reverse()
  return { ...(catalog ? { catalog } : {}), ...(schema ? { schema } : {}), name: own }
}
