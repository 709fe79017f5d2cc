import { toAppError } from '@plumbline/tools/errors'
import { checkStatement } from '@plumbline/tools/sql'
import { type CheckResult, refused } from './check-result.ts'
import { readStatement, type Statement } from './read-statement.ts'
import type { CheckRules } from './rules.ts'

/** Judges lines of JSON by these rules. What is wrong with a line is a result and no error. */
export function createJudge(rules: CheckRules): (line: string) => Promise<CheckResult> {
  return async (line) => {
    let statement: Statement
    try {
      statement = readStatement(line, rules.dialect)
    } catch (error) {
      const { code, message, data } = toAppError(error)
      return refused((data?.id as CheckResult['id'] | undefined) ?? null, code, message)
    }
    try {
      return await judgeAlone(statement)
    } catch (error) {
      const { code, message } = toAppError(error)
      return refused(statement.id, code, message)
    }
  }
}

async function judgeAlone({ id, dialect, sql }: Statement): Promise<CheckResult> {
  const verdict = await checkStatement(sql, dialect)
  if (!verdict.allowed) return refused(id, verdict.code, verdict.reason)
  const tables = verdict.tables.map(({ catalog, schema, name }) => [catalog, schema, name].filter(Boolean).join('.'))
  return {
    id,
    allowed: true,
    code: null,
    reason: null,
    sql: verdict.sql,
    tables: [...new Set(tables)],
    columns: verdict.columns,
    lineage: null,
  }
}
