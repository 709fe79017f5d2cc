import {
  type GateApplied,
  type GateOptions,
  type GateUsedTable,
  NativeError,
  SqlGate,
  type SqlLineage,
} from '@plumbline/native'
import { AppError } from '../errors/index.ts'
import { GUARD_CODES } from './guard-codes.ts'
import { nearestName } from './nearest-name.ts'
import type { ReadOnlyQuery } from './read-only-query.ts'

/** A query in which the policies of one person hold. */
export interface GovernedQuery extends ReadOnlyQuery {
  /** The query before policies were put into it: what a person may be shown. `sql` is what runs. */
  readonly asked: string
  readonly tables: readonly GateUsedTable[]
  /** Row filters and masks that changed what the query sees; empty when none hold. */
  readonly applied: readonly GateApplied[]
  /** Of the query as asked: where each result column comes from. */
  readonly lineage: SqlLineage
}

/** The gate of one person to one source. */
export interface Gate {
  /**
   * Proves one statement read-only and puts the person's row filters and masks into it.
   * @param maxRows rows the caller wants at most; what runs brings one more, so that a cut can be seen.
   * @throws AppError with the refused part in `data.part` and the guard's own code in `data.guardCode`. Of a table that the
   * person may not read nothing is said but that it is unknown.
   */
  check(sql: string, maxRows: number): GovernedQuery
}

/**
 * Compiles what one person may see of a source; the gate may be kept for as long as tables and policies stay the same.
 * @throws AppError POLICY_INVALID, which names the policy that is wrong.
 */
export function createGate(options: GateOptions): Gate {
  const gate = compileGate(options)
  const readable = (options.tables ?? []).filter((table) => table.columns.some((column) => !column.denied))
  const names = new Set(readable.map(({ schema, name }) => (schema ? `${schema}.${name}` : name)))
  return {
    check(sql, maxRows) {
      const verdict = gate.check(sql, maxRows)
      if (!verdict.allowed) {
        const { code, reason, part } = verdict
        const hint = code === 'SQL_TABLE_UNKNOWN' ? ` ${hintFor(part, names)}` : ''
        throw new AppError(GUARD_CODES[code], `${reason}${hint}`, { data: { part, guardCode: code } })
      }
      const { allowed: _, sql: printed, ...proved } = verdict
      const query = { ...proved, sql: printed, dialect: options.dialect, maxRows }
      return query as unknown as GovernedQuery
    },
  }
}

/** @throws AppError POLICY_INVALID, which names the policy that is wrong. */
export function compileGate(options: GateOptions): SqlGate {
  try {
    return new SqlGate(options)
  } catch (cause) {
    if (!(cause instanceof NativeError) || cause.code !== 'OPTION_INVALID') throw cause
    throw new AppError('POLICY_INVALID', cause.message, { cause })
  }
}

function hintFor(part: string, names: ReadonlySet<string>): string {
  const nearest = nearestName(part.replaceAll(/["`]/g, ''), names)
  if (nearest) return `Did you mean \`${nearest}\`?`
  if (names.size === 0) return 'No table may be read here.'
  return `There are ${[...names]
    .slice(0, 10)
    .map((name) => `\`${name}\``)
    .join(', ')}.`
}
