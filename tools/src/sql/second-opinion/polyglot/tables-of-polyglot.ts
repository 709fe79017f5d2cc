import { CteScope } from '../cte-scope.ts'
import { isNode, type JsonNode, nodesAt } from '../json-node.ts'
import type { FoldName, Opinion, TableReference } from '../opinion.ts'

/** What a query may be at its top. Everything else (a command, a write, TABLE t read as an alias) is no query here. */
const QUERIES = new Set(['select', 'union', 'intersect', 'except', 'subquery', 'values', 'pivot', 'unpivot'])
/** Nodes that make a statement more than a query, or that keep a part of it as plain text. */
const REFUSED = new Set(['insert', 'update', 'delete', 'merge', 'into', 'command', 'raw', 'copy', 'put', 'truncate'])

/**
 * The tables of a tree of polyglot-sql, whose own walkers miss those in PIVOT and UNPIVOT. Every object is visited, whatever
 * its type, and a table is known by its shape: a name with places for a schema and a catalog.
 */
export function tablesOfPolyglot(statements: readonly unknown[], fold: FoldName): Opinion {
  const [only] = statements
  if (statements.length !== 1) return { kind: 'other', error: `There are ${statements.length} statements.` }
  const top = isNode(only) ? Object.keys(only) : []
  if (top.length !== 1 || !QUERIES.has(top[0] ?? '')) return { kind: 'other', error: `It is a ${top.join(', ')}.` }
  const walk = new TableWalk(fold)
  walk.visit(only, CteScope.none)
  if (walk.refused.size > 0) return { kind: 'other', error: `It holds ${[...walk.refused].join(', ')}.` }
  return { kind: 'query', tables: walk.tables }
}

class TableWalk {
  readonly tables: TableReference[] = []
  readonly refused = new Set<string>()
  readonly #fold: FoldName

  constructor(fold: FoldName) {
    this.#fold = fold
  }

  visit(value: unknown, scope: CteScope): void {
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item, scope)
      return
    }
    if (!isNode(value)) return
    const { with: clause, ...rest } = value
    const inner = isNode(clause) ? this.#ctes(clause, scope) : scope
    if (isTable(value)) this.#add(value, value.schema, value.catalog, inner)
    for (const [key, child] of Object.entries(rest)) {
      if (REFUSED.has(key) && isNode(child)) this.refused.add(key)
      if (key === 'locks' && Array.isArray(child) && child.length > 0) this.refused.add(key)
      if (isNode(child)) this.#columnThatIsTable(key, child, inner)
      this.visit(child, inner)
    }
  }

  /** `PIVOT t ON …` and SQLite's `a IN t`, where the parser takes the table for a column. */
  #columnThatIsTable(key: string, node: JsonNode, scope: CteScope): void {
    const pivoted = (key === 'pivot' || key === 'unpivot') && isNode(node.this) ? [node.this] : []
    const searched = key === 'in' && node.is_field === true ? nodesAt(node, 'expressions') : []
    for (const { column } of [...pivoted, ...searched]) {
      if (isNode(column)) this.#add(column, column.table, undefined, scope)
    }
  }

  #ctes(clause: JsonNode, scope: CteScope): CteScope {
    let seen = scope
    for (const { alias, this: query, ...others } of nodesAt(clause, 'ctes')) {
      const name = identifier(alias)
      const after = name ? seen.with(this.#fold(name.name, name.quoted)) : seen
      this.#cte(query, seen, clause.recursive === true ? after : seen)
      this.visit(others, seen)
      seen = after
    }
    return seen
  }

  /** The first part of a UNION does not see the expression that it begins; the others do, where it is recursive. */
  #cte(query: unknown, before: CteScope, within: CteScope): void {
    const union = isNode(query) ? query.union : undefined
    if (!isNode(union)) {
      this.visit(query, before)
      return
    }
    const { with: clause, left, ...others } = union
    const inner = isNode(clause) ? this.#ctes(clause, before) : before
    this.#cte(left, inner, within)
    this.visit(others, clause ? inner : within)
  }

  #add(node: JsonNode, schema: unknown, catalog: unknown, scope: CteScope): void {
    const own = identifier(node.name)
    if (!own) return
    const path = { catalog: identifier(catalog)?.name, schema: identifier(schema)?.name }
    const plain = path.catalog === undefined && path.schema === undefined
    if (plain && scope.has(this.#fold(own.name, own.quoted))) return
    this.tables.push({ ...path, name: own.name, alias: identifier(node.alias)?.name })
  }
}

const isTable = (node: JsonNode) => isNode(node.name) && 'schema' in node && 'catalog' in node

function identifier(value: unknown): { name: string; quoted: boolean } | null {
  if (!isNode(value) || typeof value.name !== 'string') return null
  return { name: value.name, quoted: value.quoted === true }
}
