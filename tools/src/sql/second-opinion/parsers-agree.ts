import type { GateApplied, SqlDialect } from '@plumbline/native'
import { disagreement } from './agree.ts'
import { governedEverywhere } from './governed-everywhere.ts'
import type { NamedTable } from './opinion.ts'
import { secondOpinion } from './second-opinion.ts'

/** A query that the first parser has let through, with what it saw in it. */
export interface CheckedQuery {
  readonly dialect: SqlDialect
  /** What runs. */
  readonly sql: string
  /** The same before row filters and masks; absent where there are none. */
  readonly asked?: string
  readonly tables: readonly NamedTable[]
  readonly applied?: readonly GateApplied[]
}

/**
 * Whether a second parser, which shares no code with the first, takes what was asked for a query of the same tables, and sees
 * each table that has rules behind them in what runs. `cause` says where they differ.
 */
export async function parsersAgree(query: CheckedQuery): Promise<{ agree: boolean; cause?: unknown }> {
  const { dialect, sql, asked = sql, tables, applied = [] } = query
  // Neither rejects, so the second may be begun before the first is judged.
  const ofRun = secondOpinion(sql, dialect)
  const opinion = await secondOpinion(asked, dialect)
  const found = disagreement(tables, opinion, dialect)
  if (found || opinion.kind !== 'query') return { agree: false, cause: found }
  if (sql === asked) return { agree: true }
  const runs = await ofRun
  const governed = runs.kind === 'query' && governedEverywhere(applied, dialect, opinion, runs)
  return governed ? { agree: true } : { agree: false, cause: runs }
}
