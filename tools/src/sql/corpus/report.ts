/** Prints how much of the corpora is allowed: `node tools/src/sql/corpus/report.ts`, `-v` lists what is refused. */
import { analyzeSql, type SqlDialect } from '@plumbline/native'
import { CORPUS, DIALECTS } from './index.ts'

interface Line {
  readonly dialect: string
  readonly legitimate: number
  readonly allowed: number
  readonly hostile: number
  readonly slipped: number
}

function line(dialect: SqlDialect): Line {
  const { legitimate, hostile } = CORPUS[dialect]
  const allowed = legitimate.filter((sql) => analyzeSql(sql, dialect).allowed).length
  const slipped = hostile.filter(([sql]) => analyzeSql(sql, dialect).allowed).length
  return { dialect, legitimate: legitimate.length, allowed, hostile: hostile.length, slipped }
}

const lines = DIALECTS.map(line)
const of = (key: Exclude<keyof Line, 'dialect'>) => lines.reduce((sum, entry) => sum + entry[key], 0)
const all = {
  dialect: 'all',
  legitimate: of('legitimate'),
  allowed: of('allowed'),
  hostile: of('hostile'),
  slipped: of('slipped'),
}

console.log('| dialect | legitimate | allowed | share | hostile | allowed |')
console.log('|---|---|---|---|---|---|')
for (const { dialect, legitimate, allowed, hostile, slipped } of [...lines, all])
  console.log(
    `| ${dialect} | ${legitimate} | ${allowed} | ${((100 * allowed) / legitimate).toFixed(1)} % | ${hostile} | ${slipped} |`,
  )

if (process.argv.includes('-v')) {
  for (const dialect of DIALECTS) {
    for (const sql of CORPUS[dialect].legitimate) {
      const verdict = analyzeSql(sql, dialect)
      if (!verdict.allowed) console.log(`\n${dialect}: ${sql}\n  ${verdict.reason}`)
    }
  }
}
