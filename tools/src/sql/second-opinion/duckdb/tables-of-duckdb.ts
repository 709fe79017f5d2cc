import { CteScope } from '../cte-scope.ts'
import { isNode, type JsonNode, nodesAt, textAt } from '../json-node.ts'
import type { Opinion, TableReference } from '../opinion.ts'

/**
 * The tables of a tree as DuckDB's `json_serialize_sql` writes it. Every object is visited, whatever its type: a kind of node
 * that comes with a later version hides no table. Values of the query are never keys of the tree.
 */
export function tablesOfDuckdb(tree: unknown): Opinion {
  if (!isNode(tree) || tree.error !== false) {
    const message = isNode(tree) ? textAt(tree, 'error_message') : undefined
    const kind = isNode(tree) && tree.error_type === 'not implemented' ? 'other' : 'unreadable'
    return { kind, error: message ?? 'DuckDB does not read it.' }
  }
  const statements = nodesAt(tree, 'statements')
  if (statements.length !== 1) return { kind: 'other', error: `There are ${statements.length} statements.` }
  const tables: TableReference[] = []
  const shows = { found: false }
  visit(statements[0], CteScope.none, tables, shows)
  if (shows.found) return { kind: 'other', error: 'It shows the catalog.' }
  return { kind: 'query', tables }
}

const fold = (name: string) => name.toLowerCase()

function visit(value: unknown, scope: CteScope, tables: TableReference[], shows: { found: boolean }): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, scope, tables, shows)
    return
  }
  if (!isNode(value)) return
  const { cte_map, ...rest } = value
  const inner = isNode(cte_map) ? visitCtes(cte_map, scope, tables, shows) : scope
  // SUMMARIZE t and DESCRIBE t hold a query; SHOW TABLES holds a name.
  if (value.type === 'SHOW_REF' && value.table_name !== undefined) shows.found = true
  if (value.type === 'BASE_TABLE') addTable(value, inner, tables)
  if (value.type === 'RECURSIVE_CTE_NODE') {
    const name = textAt(value, 'cte_name')
    const { right, ...others } = rest
    visitFields(others, inner, tables, shows)
    // Only behind the UNION it sees itself.
    visit(right, name === undefined ? inner : inner.with(fold(name)), tables, shows)
    return
  }
  visitFields(rest, inner, tables, shows)
}

function visitFields(node: JsonNode, scope: CteScope, tables: TableReference[], shows: { found: boolean }): void {
  for (const child of Object.values(node)) visit(child, scope, tables, shows)
}

/** Each expression sees those before it. Returns the scope that the query around them has. */
function visitCtes(map: JsonNode, scope: CteScope, tables: TableReference[], shows: { found: boolean }): CteScope {
  let seen = scope
  for (const entry of nodesAt(map, 'map')) {
    visit(entry.value, seen, tables, shows)
    const name = textAt(entry, 'key')
    if (name !== undefined) seen = seen.with(fold(name))
  }
  return seen
}

function addTable(node: JsonNode, scope: CteScope, tables: TableReference[]): void {
  const name = textAt(node, 'table_name') ?? ''
  const schema = textAt(node, 'schema_name')
  const catalog = textAt(node, 'catalog_name')
  if (schema === undefined && catalog === undefined && scope.has(fold(name))) return
  tables.push({ catalog, schema, name, alias: textAt(node, 'alias') })
}
