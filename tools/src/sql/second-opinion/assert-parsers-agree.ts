import { AppError } from '../../errors/index.ts'
import type { GovernedQuery } from '../create-gate.ts'
import type { ReadOnlyQuery } from '../read-only-query.ts'
import { disagreement } from './agree.ts'
import { governedEverywhere } from './governed-everywhere.ts'
import { secondOpinion } from './second-opinion.ts'

/** For the person whose query it is. */
export const PARSERS_DISAGREE =
  'The two parsers that check every query do not agree on what this one reads, so it does not run. Write it in a simpler way: plain joins and subqueries, each table by its name.'

/**
 * Lets a proved query through when a second parser, which shares no code with the first, takes what was asked for a query of the
 * same tables, and sees each table that has rules behind them in what runs. A hole in the first parser's walk would hide a
 * table from every rule: such a query does not run.
 * @throws AppError QUERY_TOO_COMPLEX with `data.guardCode` SQL_PARSERS_DISAGREE
 */
export async function assertParsersAgree(query: ReadOnlyQuery | GovernedQuery): Promise<void> {
  const { dialect, sql, tables } = query
  const governed = 'asked' in query && query.asked !== sql ? query : null
  const asked = governed ? governed.asked : sql
  const opinion = await secondOpinion(asked, dialect)
  const found = disagreement(tables, opinion, dialect)
  if (found || opinion.kind !== 'query') throw disagree(asked, found)
  if (!governed) return
  const runs = await secondOpinion(sql, dialect)
  if (runs.kind !== 'query' || !governedEverywhere(governed, opinion, runs)) throw disagree(asked, runs)
}

function disagree(asked: string, cause: unknown): AppError {
  const data = { part: asked.slice(0, 120), guardCode: 'SQL_PARSERS_DISAGREE' }
  return new AppError('QUERY_TOO_COMPLEX', PARSERS_DISAGREE, { data, cause })
}
