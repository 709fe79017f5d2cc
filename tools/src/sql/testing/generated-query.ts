/** Tables that generated queries read; every column is a small integer. */
export const GENERATED_TABLES = {
  t: ['a', 'b', 'c', 'd'],
  u: ['a', 'b', 'e'],
} as const

/** Choices from a list of numbers, so that a failing query can be shrunk. */
class Choices {
  #place = 0
  readonly #numbers: readonly number[]
  constructor(numbers: readonly number[]) {
    this.#numbers = numbers
  }
  below(limit: number): number {
    const number = this.#numbers[this.#place++] ?? 0
    return number % limit
  }
  of<T>(options: readonly T[]): T {
    return options[this.below(options.length)] as T
  }
  /** True for one of `n`, never once the numbers are used up. */
  once(n: number): boolean {
    return this.below(n) === n - 1
  }
}

interface Relation {
  readonly sql: string
  readonly columns: readonly string[]
}

/**
 * A query for DuckDB made of the choices in `numbers`: joins, subqueries, set operations, windows, groups and stars over
 * `GENERATED_TABLES`. It is valid, and its rows do not depend on the order in which the system reads.
 */
export function generatedQuery(numbers: readonly number[]): string {
  const choices = new Choices(numbers)
  let names = 0
  const name = (prefix: string) => `${prefix}${names++}`
  const ctes: Relation[] = []

  const table = (): Relation => {
    const own = choices.of(['t', 'u'] as const)
    return { sql: own, columns: GENERATED_TABLES[own] }
  }

  const source = (depth: number): Relation => {
    if (depth > 0 && choices.once(3)) {
      const { sql, columns } = query(depth - 1)
      return { sql: `(${sql})`, columns }
    }
    return ctes.length > 0 && choices.once(2) ? choices.of(ctes) : table()
  }

  /** An expression over `refs`; in it may stand subqueries that see them. */
  const expression = (refs: readonly string[], depth: number): string => {
    const ref = () => choices.of(refs)
    switch (choices.below(depth > 0 ? 9 : 5)) {
      case 1:
        return `${ref()} + ${ref()}`
      case 2:
        return `CASE WHEN ${ref()} > 1 THEN ${ref()} ELSE ${ref()} END`
      case 3:
        return `coalesce(${ref()}, ${ref()})`
      case 4:
        return `(${ref()} * 2)`
      case 5:
        return `(SELECT max(x.b) FROM u x WHERE x.a = ${ref()})`
      case 6:
        return `CAST(EXISTS (SELECT 1 FROM t x WHERE x.d = ${ref()} AND x.a > 0) AS INTEGER)`
      case 7:
        return `sum(${ref()}) OVER (PARTITION BY ${ref()})`
      case 8:
        return `rank() OVER (ORDER BY ${ref()})`
      default:
        return ref()
    }
  }

  const condition = (refs: readonly string[]): string => {
    const ref = () => choices.of(refs)
    switch (choices.below(4)) {
      case 1:
        return `${ref()} IN (SELECT e FROM u WHERE b > 0)`
      case 2:
        return `EXISTS (SELECT * FROM u y WHERE y.a = ${ref()})`
      case 3:
        return `${ref()} <= ${ref()}`
      default:
        return `${ref()} > 0`
    }
  }

  const from = (
    depth: number,
  ): { sql: string; refs: string[]; aliases: Map<string, readonly string[]>; star: string[] } => {
    const left = source(depth)
    const l = name('r')
    const refsOf = (alias: string, columns: readonly string[]) => columns.map((column) => `${alias}.${column}`)
    if (depth === 0 || !choices.once(2)) {
      return {
        sql: `${left.sql} AS ${l}`,
        refs: refsOf(l, left.columns),
        aliases: new Map([[l, left.columns]]),
        star: [...left.columns],
      }
    }
    const right = source(depth - 1)
    const r = name('r')
    const refs = [...refsOf(l, left.columns), ...refsOf(r, right.columns)]
    const aliases = new Map([
      [l, left.columns],
      [r, right.columns],
    ])
    const shared = left.columns.filter((column) => right.columns.includes(column))
    const both = `${left.sql} AS ${l}`
    const other = `${right.sql} AS ${r}`
    switch (choices.below(shared.length > 0 ? 4 : 2)) {
      case 1:
        return {
          sql: `${both} LEFT JOIN ${other} ON ${choices.of(refsOf(l, left.columns))} = ${choices.of(refsOf(r, right.columns))}`,
          refs,
          aliases,
          star: [...left.columns, ...right.columns],
        }
      case 2: {
        const key = choices.of(shared)
        const join = choices.of(['JOIN', 'LEFT JOIN', 'FULL JOIN'])
        const star = [...left.columns, ...right.columns.filter((column) => column !== key)]
        return {
          sql: `${both} ${join} ${other} USING (${key})`,
          refs: [...refs, ...(isOnce(star, key) ? [key] : [])],
          aliases,
          star,
        }
      }
      case 3: {
        const key = choices.of(shared)
        const kind = choices.of(['SEMI', 'ANTI'])
        const own = refsOf(l, left.columns)
        return {
          sql: `${both} ${kind} JOIN ${other} USING (${key})`,
          refs: own,
          aliases: new Map([[l, left.columns]]),
          star: [...left.columns],
        }
      }
      default:
        return {
          sql: `${both} JOIN ${other} ON ${choices.of(refsOf(l, left.columns))} = ${choices.of(refsOf(r, right.columns))}`,
          refs,
          aliases,
          star: [...left.columns, ...right.columns],
        }
    }
  }

  const select = (depth: number): Relation => {
    const { sql, refs, aliases, star } = from(depth)
    const where = choices.once(2) ? ` WHERE ${condition(refs)}` : ''
    // Two columns of one name could not be told apart from outside.
    const distinctStar = new Set(star).size === star.length
    switch (choices.below(6)) {
      case 1:
        if (distinctStar) return { sql: `SELECT * FROM ${sql}${where}`, columns: star }
        break
      case 2: {
        const [alias, columns] = choices.of([...aliases])
        return { sql: `SELECT ${alias}.* FROM ${sql}${where}`, columns }
      }
      case 3: {
        const [key, g, s] = [choices.of(refs), name('g'), name('s')]
        const having = choices.once(3) ? ` HAVING count(*) > ${choices.below(2)}` : ''
        const by = choices.of([key, '1', 'ALL', g])
        const aggregate = choices.of(['sum', 'min', 'count', 'count(*)'])
        const value = aggregate === 'count(*)' ? aggregate : `${aggregate}(${choices.of(refs)})`
        const filter = choices.once(3) ? ` FILTER (WHERE ${choices.of(refs)} > 0)` : ''
        return {
          sql: `SELECT ${key} AS ${g}, ${value}${filter} AS ${s} FROM ${sql}${where} GROUP BY ${by}${having}`,
          columns: [g, s],
        }
      }
      case 4: {
        if (!distinctStar || star.length < 2) break
        const gone = choices.of(star)
        return {
          sql: `SELECT * EXCLUDE (${gone}) FROM ${sql}${where}`,
          columns: star.filter((column) => column !== gone),
        }
      }
      case 5: {
        const [x, y] = [name('x'), name('y')]
        const qualify = choices.once(2) ? ` QUALIFY rank() OVER (ORDER BY ${choices.of(refs)}) <= 3` : ''
        return {
          sql: `SELECT ${expression(refs, 0)} AS ${x}, ${x} + ${choices.of(refs)} AS ${y} FROM ${sql}${where}${qualify}`,
          columns: [x, y],
        }
      }
    }
    const columns = [name('x'), name('x')]
    const items = columns.map((column) => `${expression(refs, depth)} AS ${column}`).join(', ')
    const distinct = choices.once(4) ? 'DISTINCT ' : ''
    return { sql: `SELECT ${distinct}${items} FROM ${sql}${where}`, columns }
  }

  const query = (depth: number): Relation => {
    const first = select(depth)
    if (depth > 0 && choices.once(3)) {
      const second = select(depth - 1)
      const width = Math.min(first.columns.length, second.columns.length)
      const narrow = ({ sql, columns }: Relation) =>
        `SELECT ${columns.slice(0, width).join(', ')} FROM (${sql}) AS ${name('n')}`
      const operator = choices.of(['UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT'])
      return { sql: `${narrow(first)} ${operator} ${narrow(second)}`, columns: first.columns.slice(0, width) }
    }
    // Whole rows are in order, so that which ones are first does not depend on the plan.
    return choices.once(4) ? { ...first, sql: `${first.sql} ORDER BY ALL LIMIT ${1 + choices.below(3)}` } : first
  }

  const heads: string[] = []
  for (let left = choices.below(3); left > 0; left--) {
    const { sql, columns } = query(1)
    const own = name('c')
    heads.push(`${own} AS (${sql})`)
    ctes.push({ sql: own, columns })
  }
  const { sql } = query(2)
  return `${heads.length > 0 ? `WITH ${heads.join(', ')} ` : ''}${sql}`
}

const isOnce = (columns: readonly string[], name: string) => columns.filter((column) => column === name).length === 1
