/** Prints how much of the corpora is allowed: `node tools/src/sql/corpus/report.ts`, `-v` lists what is refused. */
import { analyzeSql } from '@plumbline/native'
import { CORPUS, DIALECTS } from './index.ts'
import { numbers } from './numbers.ts'

console.log(numbers())

if (process.argv.includes('-v')) {
  for (const dialect of DIALECTS) {
    for (const sql of CORPUS[dialect].legitimate) {
      const verdict = analyzeSql(sql, dialect)
      if (!verdict.allowed) console.log(`\n${dialect}: ${sql}\n  ${verdict.reason}`)
    }
  }
}
