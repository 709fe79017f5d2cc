/**
 * Runs what analysts write on systems that take a while to set up, as written and as the guard prints it:
 *
 *   pip install pyspark==4.3.0 && node tools/src/sql/corpus/run-on.ts spark
 *   pip install fakesnow==0.12.1 'snowflake-connector-python<5' && node tools/src/sql/corpus/run-on.ts fakesnow
 *
 * PYTHON names the Python that has them. README.md beside this file says what came out.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { analyzeSql, type SqlDialect } from '@plumbline/native'
import { TABLES as DATABRICKS_TABLES } from './databricks/tables.ts'
import { CORPUS } from './index.ts'
import { TABLES as SNOWFLAKE_TABLES } from './snowflake/tables.ts'

type Outcome = { readonly rows: readonly string[] } | { readonly error: string }

const SYSTEMS: Readonly<Record<string, { readonly dialect: SqlDialect; readonly tables: readonly string[] }>> = {
  spark: { dialect: 'databricks', tables: DATABRICKS_TABLES },
  fakesnow: { dialect: 'snowflake', tables: SNOWFLAKE_TABLES },
}

const name = process.argv[2] ?? ''
const system = SYSTEMS[name]
if (!system) {
  console.error(`Say which system: ${Object.keys(SYSTEMS).join(' or ')}.`)
  process.exit(2)
}
const { dialect, tables } = system

const pairs = CORPUS[dialect].legitimate.flatMap((asked) => {
  const verdict = analyzeSql(asked, dialect)
  return verdict.allowed ? [[asked, verdict.sql] as const] : []
})
const outcomes = run(pairs.flat())
const counts = { same: 0, missing: 0, differ: 0 }
for (const [at, [asked, printed]] of pairs.entries()) {
  const [was, is] = [outcomes[2 * at], outcomes[2 * at + 1]]
  if (!was || !is) throw new Error(`There is no result of ${asked}`)
  const kind = 'error' in was ? 'missing' : sameRows(asked, was, is) ? 'same' : 'differ'
  counts[kind]++
  if (kind !== 'same')
    console.log(
      `${kind}: ${asked}\n  ${'error' in was ? was.error : `${printed}\n  ${JSON.stringify(is).slice(0, 200)}`}`,
    )
}
console.log(`${name}: ${counts.same} the same, ${counts.differ} differ, ${counts.missing} that it does not know`)
process.exitCode = counts.differ > 0 ? 1 : 0

function sameRows(asked: string, was: { rows: readonly string[] }, is: Outcome): boolean {
  if ('error' in is) return false
  const ordered = (rows: readonly string[]) => (/order by/i.test(asked) ? rows : [...rows].sort())
  return JSON.stringify(ordered(was.rows)) === JSON.stringify(ordered(is.rows))
}

function run(statements: readonly string[]): Outcome[] {
  const script = fileURLToPath(new URL(`run-on-${name}.py`, import.meta.url))
  const { stdout, status } = spawnSync(process.env.PYTHON ?? 'python3', [script], {
    input: JSON.stringify({ tables, statements }),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const at = stdout?.indexOf('RESULTS') ?? -1
  if (status !== 0 || at < 0) throw new Error(`${script} failed. Is the system installed for this Python?`)
  return JSON.parse(stdout.slice(at + 'RESULTS'.length)) as Outcome[]
}
