import { AppError } from '../errors/index.ts'
import type { Entity } from '../semantic/index.ts'
import type { PlanDialect } from './dialect.ts'
import { type JoinStep, joinPath } from './join-path.ts'
import type { ModelIndex } from './model-index.ts'
import type { FieldRef } from './query-plan.ts'

/** What one compilation shares between its scopes. */
export interface CompileContext {
  readonly index: ModelIndex
  readonly dialect: PlanDialect
  /** Columns carry their table; left off when the whole statement reads one table once. */
  readonly qualify: boolean
  readonly aliases: Set<string>
  readonly assumptions: Set<string>
  readonly tables: Map<string, Set<string>>
  sources: number
}

const MAX_DEPTH = 8

/** The tables of one SELECT: a root entity and what was joined to it, in the order in which it was needed. */
export class Scope {
  readonly context: CompileContext
  readonly root: string
  readonly rootAlias: string
  private readonly nodes = new Map<string, string>()
  private readonly lines: string[] = []

  constructor(context: CompileContext, root: string) {
    this.context = context
    this.root = root
    this.rootAlias = this.alias(root)
    context.sources += 1
  }

  private alias(entity: string, step?: JoinStep): string {
    const { aliases, index } = this.context
    const table = index.table(entity)
    const wanted = aliases.has(table) && step ? `${step.join.role ?? step.join.name} ${table}` : table
    const plain = wanted === table ? table : wanted.toLowerCase().replace(/[^a-z0-9]+/g, '_')
    let name = plain
    for (let n = 2; aliases.has(name); n++) name = `${plain}_${n}`
    aliases.add(name)
    return name
  }

  /** `FROM …` and its joins; read it after everything else was rendered. `before` puts another source in front. */
  from(before?: { source: string; on: string }): string {
    const own = this.source(this.root, this.rootAlias)
    const first = before ? [`FROM ${before.source}`, `JOIN ${own} ON ${before.on}`] : [`FROM ${own}`]
    return [...first, ...this.lines].join('\n')
  }

  private source(entity: string, alias: string): string {
    const { dialect, index } = this.context
    const table = index.table(entity)
    this.touch(entity)
    const name = dialect.identifier(table)
    return alias === table ? name : `${name} AS ${dialect.identifier(alias)}`
  }

  private touch(entity: string, column?: string): void {
    const table = this.context.index.table(entity)
    const columns = this.context.tables.get(table) ?? new Set<string>()
    if (column !== undefined) columns.add(column)
    this.context.tables.set(table, columns)
  }

  path(ref: { entity: string; via?: string | undefined }): JoinStep[] {
    const { model } = this.context.index
    const path =
      joinPath(model, this.root, ref.entity, { via: ref.via, single: true }) ??
      joinPath(model, this.root, ref.entity, { via: ref.via }) ??
      joinPath(model, this.root, ref.entity)
    if (path) return path
    const { index } = this.context
    throw new AppError(
      'QUERY_INVALID',
      `I know no way to join ${index.entity(this.root).title} with ${index.entity(ref.entity).title}. Add the join to the semantic model.`,
    )
  }

  /** Joins along the path and gives the alias at its end. */
  join(path: JoinStep[]): string {
    let key = ''
    let near = this.rootAlias
    for (const step of path) {
      key += `/${step.join.name}${step.reverse ? '<' : '>'}`
      let far = this.nodes.get(key)
      if (far === undefined) {
        far = this.alias(step.far, step)
        this.nodes.set(key, far)
        this.context.sources += 1
        this.lines.push(`JOIN ${this.source(step.far, far)} ON ${this.on(step, near, far)}`)
        if (step.join.partial && !step.reverse) this.noteLoss(step)
      }
      near = far
    }
    return near
  }

  private noteLoss(step: JoinStep): void {
    const { index, assumptions } = this.context
    assumptions.add(`${index.entity(step.near).title} without a match in ${index.entity(step.far).title} are left out.`)
  }

  on(step: JoinStep, near: string, far: string): string {
    return step.join.on
      .map((pair) => {
        const [nearField, farField] = step.reverse ? [pair.to, pair.from] : [pair.from, pair.to]
        return `${this.raw(step.near, near, nearField)} = ${this.raw(step.far, far, farField)}`
      })
      .join(' AND ')
  }

  /** A physical column, or a dimension of that name, at an alias. */
  raw(entityName: string, alias: string, field: string, depth = 0): string {
    const entity = this.context.index.entity(entityName)
    const dimension = entity.dimensions.find((candidate) => candidate.name === field)
    if (dimension?.expression !== undefined && depth < MAX_DEPTH) {
      return this.expand(entity, alias, dimension.expression, depth + 1)
    }
    const column = dimension?.column ?? field
    this.touch(entityName, column)
    const { dialect, qualify } = this.context
    return qualify ? `${dialect.identifier(alias)}.${dialect.identifier(column)}` : dialect.identifier(column)
  }

  /** Model SQL with its braces filled in. */
  expand(entity: Entity, alias: string, sql: string, depth = 0): string {
    return sql.replace(/\{([^{}]+)\}/g, (_, field: string) => this.raw(entity.name, alias, field.trim(), depth))
  }

  /** The alias at which an entity is reached, joined if need be. */
  at(ref: { entity: string; via?: string | undefined }): string {
    return this.join(this.path(ref))
  }

  /** A field as SQL. The target column of the last join is read from the near side: no join for a bare key. */
  field(ref: FieldRef): string {
    const dimension = this.context.index.dimension(ref)
    const path = this.path(ref)
    const last = path.at(-1)
    const column = dimension.column ?? dimension.name
    if (last && !last.reverse && dimension.expression === undefined) {
      const pair = last.join.on.find((candidate) => candidate.to === column || candidate.to === dimension.name)
      if (pair) return this.raw(last.near, this.join(path.slice(0, -1)), pair.from)
    }
    return this.raw(ref.entity, this.join(path), ref.field)
  }
}
