import { AppError } from '../../errors/index.ts'
import type { ReadOnlyQuery } from '../read-only-query.ts'
import { disagreement } from './agree.ts'
import { secondOpinion } from './second-opinion.ts'

/** For the person whose query it is. */
export const PARSERS_DISAGREE =
  'The two parsers that check every query do not agree on what this one reads, so it does not run. Write it in a simpler way: plain joins and subqueries, each table by its name.'

/**
 * Lets a proved query through when a second parser, which shares no code with the first, takes it for a query of the same
 * tables. A hole in the first parser's walk would hide a table from every rule of access: such a query does not run.
 * @throws AppError QUERY_TOO_COMPLEX with `data.guardCode` SQL_PARSERS_DISAGREE
 */
export async function assertParsersAgree(query: ReadOnlyQuery): Promise<void> {
  const found = disagreement(query.tables, await secondOpinion(query.sql, query.dialect), query.dialect)
  if (!found) return
  throw new AppError('QUERY_TOO_COMPLEX', PARSERS_DISAGREE, {
    data: { part: query.sql.slice(0, 120), guardCode: 'SQL_PARSERS_DISAGREE' },
    cause: found,
  })
}
