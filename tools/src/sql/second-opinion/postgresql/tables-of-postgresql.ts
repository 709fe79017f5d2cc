import { CteScope } from '../cte-scope.ts'
import { isNode, type JsonNode, nodesAt, textAt } from '../json-node.ts'
import type { Opinion, TableReference } from '../opinion.ts'

/** Nodes that make a statement more than a query, wherever they stand. */
const WRITES = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'intoClause', 'lockingClause'])

/**
 * The tables of a tree as PostgreSQL's own parser gives it (JSON of libpg_query). Every object is visited, whatever its type.
 * Names without quotes come folded, so names are compared as they are.
 */
export function tablesOfPostgresql(tree: unknown): Opinion {
  const statements = isNode(tree) ? nodesAt(tree, 'stmts') : []
  const only = statements[0]?.stmt
  if (statements.length !== 1) return { kind: 'other', error: `There are ${statements.length} statements.` }
  if (!isNode(only) || !isNode(only.SelectStmt)) {
    return { kind: 'other', error: `It is a ${isNode(only) ? Object.keys(only).join(', ') : 'nothing'}.` }
  }
  const found: Found = { tables: [], writes: new Set() }
  visit(only.SelectStmt, CteScope.none, found)
  if (found.writes.size > 0) return { kind: 'other', error: `It holds ${[...found.writes].join(', ')}.` }
  return { kind: 'query', tables: found.tables }
}

interface Found {
  readonly tables: TableReference[]
  readonly writes: Set<string>
}

function visit(value: unknown, scope: CteScope, found: Found): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, scope, found)
    return
  }
  if (!isNode(value)) return
  const { withClause, ...rest } = value
  const inner = isNode(withClause) ? visitCtes(withClause, scope, found) : scope
  // A RangeVar stands in a list under its name, and in a field without it.
  if (typeof value.relname === 'string') addTable(value, inner, found)
  for (const [key, child] of Object.entries(rest)) {
    if (WRITES.has(key)) found.writes.add(key)
    visit(child, inner, found)
  }
}

/**
 * With RECURSIVE every expression sees all of the list, itself too; without it, those before it
 * (https://www.postgresql.org/docs/current/sql-select.html, WITH clause).
 */
function visitCtes(clause: JsonNode, scope: CteScope, found: Found): CteScope {
  const ctes = nodesAt(clause, 'ctes').flatMap((item) => (isNode(item.CommonTableExpr) ? [item.CommonTableExpr] : []))
  const names = ctes.map((cte) => textAt(cte, 'ctename') ?? '')
  if (clause.recursive === true) {
    const inner = scope.with(...names)
    visit(ctes, inner, found)
    return inner
  }
  let seen = scope
  ctes.forEach((cte, i) => {
    visit(cte, seen, found)
    seen = seen.with(names[i] ?? '')
  })
  return seen
}

function addTable(node: JsonNode, scope: CteScope, found: Found): void {
  const name = textAt(node, 'relname') ?? ''
  const schema = textAt(node, 'schemaname')
  const catalog = textAt(node, 'catalogname')
  if (schema === undefined && catalog === undefined && scope.has(name)) return
  const alias = isNode(node.alias) ? textAt(node.alias, 'aliasname') : undefined
  found.tables.push({ catalog, schema, name, alias })
}
