import type { Principal } from '@plumbline/tools/contract'
import { toAppError } from '@plumbline/tools/errors'
import { createStatementCheck, type SqlDialect, type StatementVerdict } from '@plumbline/tools/sql'
import { type CheckResult, refused } from './check-result.ts'
import { gateOptions } from './gate-options.ts'
import { readStatement, type Statement } from './read-statement.ts'
import type { CheckRules } from './rules.ts'

/** People and dialects whose gate is kept. */
const KEPT = 500

/** Judges lines of JSON by these rules. What is wrong with a line is a result and no error. */
export function createJudge(rules: CheckRules): (line: string) => Promise<CheckResult> {
  const checks = new Map<string, (sql: string) => Promise<StatementVerdict>>()
  const checkOf = (dialect: SqlDialect, principal: Principal | null) => {
    const key = JSON.stringify([dialect, rules.policies ? principal : null])
    const known = checks.get(key)
    if (known) return known
    const check = createStatementCheck(gateOptions(rules, dialect, principal))
    if (checks.size >= KEPT) checks.delete(checks.keys().next().value as string)
    checks.set(key, check)
    return check
  }
  return async (line) => {
    let statement: Statement
    try {
      statement = readStatement(line, rules.dialect)
    } catch (error) {
      const { code, message, data } = toAppError(error)
      return refused((data?.id as CheckResult['id'] | undefined) ?? null, code, message)
    }
    const { id, dialect, sql, principal } = statement
    try {
      return resultOf(id, await checkOf(dialect, principal)(sql))
    } catch (error) {
      const { code, message } = toAppError(error)
      return refused(id, code, message)
    }
  }
}

function resultOf(id: CheckResult['id'], verdict: StatementVerdict): CheckResult {
  if (!verdict.allowed) return refused(id, verdict.code, verdict.reason)
  const { columns, tables } = verdict.lineage
  return {
    id,
    allowed: true,
    code: null,
    reason: null,
    sql: verdict.sql,
    tables: tables.map(({ name }) => name),
    columns: tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column}`)),
    lineage: columns,
  }
}
