import type { Chance } from './chance.ts'
import { type ColumnDef, TEXTS, type Type } from './database.ts'

/** What stands in FROM under a name, with its columns. */
interface Source {
  readonly alias: string
  readonly columns: readonly ColumnDef[]
}

interface Built {
  readonly sql: string
  /** The types of its columns, which are named c0, c1, … */
  readonly types: readonly Type[]
}

/** Writes one query over what the person may see of the tables. */
export class QueryWriter {
  readonly #chance: Chance
  readonly #tables: readonly Source[]
  readonly #ctes: Source[] = []
  #names = 0

  constructor(chance: Chance, tables: readonly Source[]) {
    this.#chance = chance
    this.#tables = tables
  }

  write(): string {
    const { in100 } = this.#chance
    if (in100(12)) return this.#raising()
    if (in100(20)) {
      const { from, sources } = this.#from(1, [])
      const what = in100(50) ? '*' : `${this.#chance.oneOf(sources).alias}.*`
      return `SELECT ${what} FROM ${from}${in100(50) ? ` WHERE ${this.#condition(sources, 1)}` : ''}`
    }
    const ctes: string[] = []
    while (ctes.length < 2 && in100(25)) {
      const { sql, types } = this.#query(1, [])
      // A common table expression may have the name of a table.
      const free = this.#tables.filter(({ alias }) => this.#ctes.every((cte) => cte.alias !== alias))
      const alias = free.length > 0 && in100(25) ? this.#chance.oneOf(free).alias : this.#name('w')
      ctes.push(`${alias} AS (${sql})`)
      this.#ctes.push({ alias, columns: types.map((type, i) => ({ name: `c${i}`, type })) })
    }
    const { sql, types } = in100(20) ? this.#setOperation() : this.#query(2, [])
    const ordered = in100(25) ? ` ORDER BY ${types.map((_, i) => i + 1).join(', ')}` : ''
    const limited = ordered && in100(80) ? `${ordered} LIMIT ${1 + this.#chance.upTo(4)}` : ordered
    return `${ctes.length > 0 ? `WITH ${ctes.join(', ')} ` : ''}${sql}${limited}`
  }

  /** Queries that may fail, with one condition only: in which order several run is the system's affair. */
  #raising(): string {
    const { oneOf } = this.#chance
    const table = oneOf(this.#tables)
    const text = table.columns.find(({ type, constant }) => type === 'text' && !constant)
    const int = table.columns.find(({ type, constant }) => type === 'int' && !constant)
    const forms = [
      ...(text
        ? [
            `SELECT count(*) FROM ${table.alias} AS x WHERE CAST(x.${text.name} AS INTEGER) > 0`,
            `SELECT CAST(x.${text.name} AS INTEGER) AS c0 FROM ${table.alias} AS x`,
            `SELECT y.c0 FROM (SELECT CAST(x.${text.name} AS INTEGER) AS c0 FROM ${table.alias} AS x) AS y WHERE y.c0 > 0`,
            `SELECT CAST(x.${text.name} AS INTEGER) AS c0, count(*) FROM ${table.alias} AS x GROUP BY CAST(x.${text.name} AS INTEGER)`,
          ]
        : []),
      ...(int
        ? [
            `SELECT count(*) FROM ${table.alias} AS x WHERE 10 / x.${int.name} > 1`,
            `SELECT 10 / x.${int.name} AS c0 FROM ${table.alias} AS x`,
            `SELECT sum(10 / x.${int.name}) AS c0 FROM ${table.alias} AS x`,
          ]
        : []),
    ]
    return forms.length > 0 ? oneOf(forms) : `SELECT count(*) FROM ${table.alias}`
  }

  #setOperation(): Built {
    const types = Array.from({ length: 1 + this.#chance.upTo(1) }, () => this.#type())
    const operator = this.#chance.oneOf(['UNION ALL', 'UNION', 'INTERSECT', 'EXCEPT'])
    const sides = [this.#select(1, [], types), this.#select(1, [], types)]
    return { sql: sides.map(({ sql }) => sql).join(` ${operator} `), types }
  }

  #query(depth: number, outer: readonly Source[]): Built {
    const types = Array.from({ length: 1 + this.#chance.upTo(2) }, () => this.#type())
    return this.#select(depth, outer, types)
  }

  #select(depth: number, outer: readonly Source[], types: readonly Type[]): Built {
    const { in100 } = this.#chance
    const { from, sources } = this.#from(depth, outer)
    const scope = [...sources, ...outer]
    const where = in100(60) ? ` WHERE ${this.#condition(scope, depth)}` : ''
    if (in100(30)) return this.#grouped(from, where, sources, types)
    const distinct = in100(15) ? 'DISTINCT ' : ''
    const items = types.map((type, i) => {
      const sql = in100(12) && distinct === '' ? this.#window(type, sources) : this.#value(type, scope, depth)
      return `${sql} AS c${i}`
    })
    return { sql: `SELECT ${distinct}${items.join(', ')} FROM ${from}${where}`, types }
  }

  #grouped(from: string, where: string, sources: readonly Source[], types: readonly Type[]): Built {
    const { in100, oneOf } = this.#chance
    const keys: string[] = []
    const items = types.map((type, i) => {
      if (in100(50)) {
        const key = this.#column(type, sources)
        if (key !== null) {
          keys.push(key)
          return `${key} AS c${i}`
        }
      }
      return `${this.#aggregate(type, sources)} AS c${i}`
    })
    const having = in100(25) ? ` HAVING count(*) ${oneOf(['>', '<', '>='])} ${1 + this.#chance.upTo(1)}` : ''
    const group = keys.length > 0 ? ` GROUP BY ${[...new Set(keys)].join(', ')}` : ''
    return { sql: `SELECT ${items.join(', ')} FROM ${from}${where}${group}${having}`, types }
  }

  #from(depth: number, outer: readonly Source[]): { from: string; sources: Source[] } {
    const { in100, oneOf, upTo } = this.#chance
    const sources: Source[] = []
    const add = (lateral: boolean): string => {
      if (depth > 0 && in100(lateral ? 30 : 20)) {
        const alias = this.#name('s')
        const inner = this.#query(depth - 1, lateral ? [...sources, ...outer] : outer)
        sources.push({ alias, columns: inner.types.map((type, i) => ({ name: `c${i}`, type })) })
        return `${lateral ? 'LATERAL ' : ''}(${inner.sql}) AS ${alias}`
      }
      const known = oneOf([...this.#shown(), ...this.#shown(), ...this.#ctes])
      if (in100(15) && ![...sources, ...outer].some(({ alias }) => alias === known.alias)) {
        sources.push(known)
        return known.alias
      }
      const alias = this.#name('a')
      if (in100(10)) {
        const columns = known.columns.map(({ type }, i) => ({ name: `r${i}`, type }))
        sources.push({ alias, columns })
        return `${known.alias} AS ${alias}(${columns.map(({ name }) => name).join(', ')})`
      }
      sources.push({ alias, columns: known.columns })
      return `${known.alias} AS ${alias}`
    }
    let from = add(false)
    const more = in100(55) ? 1 + upTo(1) : 0
    for (let i = 0; i < more; i++) {
      const before = [...sources]
      const kind = oneOf([',', 'CROSS JOIN', 'JOIN', 'JOIN', 'LEFT JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'])
      const next = add(kind === ',' || kind === 'JOIN')
      const added = sources.at(-1)
      if (kind === ',' || kind === 'CROSS JOIN' || added === undefined) {
        from += kind === ',' ? `, ${next}` : ` ${kind} ${next}`
        continue
      }
      const shared = before.length === 1 ? this.#shared(before, added) : []
      if (shared.length > 0 && in100(45)) from += ` ${kind} ${next} USING (${oneOf(shared)})`
      else if (shared.length > 0 && this.#agree(before, added) && in100(10)) from += ` NATURAL ${kind} ${next}`
      else from += ` ${kind} ${next} ON ${this.#equality(before, added, kind !== 'FULL JOIN')}`
    }
    return { from, sources }
  }

  /** Tables that no common table expression hides. */
  #shown(): Source[] {
    const shown = this.#tables.filter(({ alias }) => this.#ctes.every((cte) => cte.alias !== alias))
    return shown.length > 0 ? shown : [...this.#ctes]
  }

  #shared(before: readonly Source[], added: Source): string[] {
    const columns = before.flatMap((source) => source.columns)
    return added.columns
      .filter(({ name, type }) => columns.some((column) => column.name === name && column.type === type))
      .map(({ name }) => name)
  }

  /** Whether columns of one name have one type: DuckDB casts what NATURAL compares, and may fail on either side. */
  #agree(before: readonly Source[], added: Source): boolean {
    const columns = before.flatMap((source) => source.columns)
    return added.columns.every(({ name, type }) =>
      columns.every((column) => column.name !== name || column.type === type),
    )
  }

  #equality(before: readonly Source[], added: Source, any: boolean): string {
    const { in100, oneOf, some } = this.#chance
    const pairs = added.columns.flatMap((column) => {
      const other = this.#columns(column.type, before)
      return other.length > 0 ? [`${added.alias}.${column.name} = ${oneOf(other)}`] : []
    })
    if (pairs.length === 0) return any ? this.#simple([...before, added]) : '1 = 1'
    const extra = any && in100(25) ? ` AND ${this.#simple([...before, added])}` : ''
    return some(pairs, 1).join(' AND ') + extra
  }

  #condition(scope: readonly Source[], depth: number): string {
    const { in100, oneOf } = this.#chance
    if (in100(25)) return `(${this.#condition(scope, depth - 1)}) ${oneOf(['AND', 'OR'])} ${this.#simple(scope)}`
    if (in100(8)) return `NOT (${this.#simple(scope)})`
    if (depth > 0 && in100(40)) return this.#subqueryCondition(scope, depth)
    return this.#simple(scope)
  }

  #subqueryCondition(scope: readonly Source[], depth: number): string {
    const { in100, oneOf } = this.#chance
    if (in100(40)) {
      const inner = this.#select(depth - 1, scope, [this.#type()])
      return `${oneOf(['EXISTS', 'NOT EXISTS'])} (${inner.sql})`
    }
    const type = this.#type()
    const inner = this.#select(depth - 1, in100(30) ? scope : [], [type])
    const own = this.#value(type, scope, 0)
    return in100(15) ? `${own} >= ALL (${inner.sql})` : `${own} ${oneOf(['IN', 'IN', 'NOT IN'])} (${inner.sql})`
  }

  #simple(scope: readonly Source[]): string {
    const { in100, oneOf } = this.#chance
    const type = this.#type()
    const own = this.#value(type, scope, 0)
    if (type === 'bool') return own
    if (in100(15)) return `${own} IS ${oneOf(['', 'NOT '])}NULL`
    if (type === 'text' && in100(25)) return `${own} LIKE ${oneOf(["'%n%'", "'b_b'", "'%*%'", "'_'"])}`
    if (in100(15)) return `${own} IN (${this.#literal(type)}, ${this.#literal(type)})`
    if (in100(10)) return `${own} BETWEEN ${this.#literal(type)} AND ${this.#literal(type)}`
    const other = in100(40) ? this.#value(type, scope, 0) : this.#literal(type)
    return `${own} ${oneOf(['=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM'])} ${other}`
  }

  #value(type: Type, scope: readonly Source[], depth: number): string {
    const { in100, oneOf } = this.#chance
    const column = () => this.#column(type, scope) ?? this.#literal(type)
    if (depth > 0 && in100(12)) {
      const { from, sources } = this.#from(depth - 1, scope)
      const where = in100(60) ? ` WHERE ${this.#condition([...sources, ...scope], depth - 1)}` : ''
      return `(SELECT ${this.#aggregate(type, sources)} FROM ${from}${where})`
    }
    if (in100(60)) return column()
    if (in100(15)) return `CASE WHEN ${this.#simple(scope)} THEN ${column()} ELSE ${this.#literal(type)} END`
    if (in100(20)) return `coalesce(${column()}, ${this.#literal(type)})`
    switch (type) {
      case 'text':
        return oneOf([`upper(${column()})`, `${column()} || '!'`, `substr(${column()}, 1, 2)`, `lower(${column()})`])
      case 'int':
        return oneOf([`${column()} + 1`, `abs(${column()})`, `length(${this.#value('text', scope, 0)})`])
      case 'number':
        return oneOf([`${column()} * 2`, `${column()} + 1`])
      case 'date':
        return column()
      case 'bool':
        return `(${this.#comparison(scope)})`
    }
  }

  #comparison(scope: readonly Source[]): string {
    const type = this.#chance.oneOf(['int', 'text', 'date'] as const)
    const column = this.#column(type, scope) ?? this.#literal(type)
    return `${column} ${this.#chance.oneOf(['=', '<', '>'])} ${this.#literal(type)}`
  }

  #aggregate(type: Type, sources: readonly Source[]): string {
    const { oneOf } = this.#chance
    const own = this.#column(type, sources)
    const any = sources.flatMap(({ alias, columns }) => columns.map(({ name }) => `${alias}.${name}`))
    switch (type) {
      case 'int':
        return oneOf(['count(*)', `count(DISTINCT ${oneOf(any)})`, `count(${oneOf(any)})`])
      case 'number':
        return own === null ? 'sum(1.5)' : oneOf([`sum(${own})`, `min(${own})`, `max(${own})`])
      case 'bool':
        return `(count(*) > ${this.#chance.upTo(3)})`
      case 'text':
      case 'date':
        return own === null ? `max(${this.#literal(type)})` : oneOf([`min(${own})`, `max(${own})`])
    }
  }

  #window(type: Type, sources: readonly Source[]): string {
    const { oneOf } = this.#chance
    const any = sources.flatMap(({ alias, columns }) => columns.map(({ name }) => `${alias}.${name}`))
    const over = `OVER (PARTITION BY ${oneOf(any)})`
    switch (type) {
      case 'int':
        return oneOf([`rank() OVER (PARTITION BY ${oneOf(any)} ORDER BY ${oneOf(any)})`, `count(*) ${over}`])
      case 'number': {
        const own = this.#column(type, sources)
        return own === null ? `sum(1.5) ${over}` : `${oneOf(['sum', 'max'])}(${own}) ${over}`
      }
      case 'bool':
        return `(count(*) ${over} > 1)`
      case 'text':
      case 'date':
        return `min(${this.#column(type, sources) ?? this.#literal(type)}) ${over}`
    }
  }

  #columns(type: Type, scope: readonly Source[]): string[] {
    return scope.flatMap(({ alias, columns }) =>
      columns.filter((column) => column.type === type).map(({ name }) => `${alias}.${name}`),
    )
  }

  #column(type: Type, scope: readonly Source[]): string | null {
    const found = this.#columns(type, scope)
    return found.length > 0 ? this.#chance.oneOf(found) : null
  }

  #type(): Type {
    return this.#chance.oneOf(['int', 'int', 'text', 'text', 'number', 'date', 'bool'] as const)
  }

  #literal(type: Type): string {
    const { oneOf, upTo } = this.#chance
    switch (type) {
      case 'int':
        return String(upTo(5))
      case 'number':
        return `${upTo(20)}.5`
      case 'text':
        return `'${oneOf(TEXTS).replaceAll("'", "''")}'`
      case 'date':
        return `DATE '${oneOf(['2024-01-01', '2024-02-28', '2024-07-01'])}'`
      case 'bool':
        return oneOf(['TRUE', 'FALSE'])
    }
  }

  #name(prefix: string): string {
    return `${prefix}${this.#names++}`
  }
}
