import { analyzeSql, type SqlDialect } from '@plumbline/native'
import { CORPUS, DIALECTS } from './index.ts'

interface Line {
  readonly legitimate: number
  readonly allowed: number
  readonly hostile: number
  readonly slipped: number
}

function line(dialect: SqlDialect): Line {
  const { legitimate, hostile } = CORPUS[dialect]
  const allowed = legitimate.filter((sql) => analyzeSql(sql, dialect).allowed).length
  const slipped = hostile.filter(([sql]) => analyzeSql(sql, dialect).allowed).length
  return { legitimate: legitimate.length, allowed, hostile: hostile.length, slipped }
}

/** How much of the corpora is allowed, a Markdown table. */
export function numbers(): string {
  const lines = DIALECTS.map((dialect) => [dialect, line(dialect)] as const)
  const sum = (key: keyof Line) => lines.reduce((total, [, entry]) => total + entry[key], 0)
  const all = {
    legitimate: sum('legitimate'),
    allowed: sum('allowed'),
    hostile: sum('hostile'),
    slipped: sum('slipped'),
  }
  const row = ([name, { legitimate, allowed, hostile, slipped }]: readonly [string, Line]) =>
    `| ${name} | ${legitimate} | ${allowed} | ${((100 * allowed) / legitimate).toFixed(1)} % | ${hostile} | ${slipped} |`
  return [
    '| dialect | legitimate | allowed | share | hostile | allowed |',
    '|---|---|---|---|---|---|',
    ...[...lines, ['all', all] as const].map(row),
  ].join('\n')
}
