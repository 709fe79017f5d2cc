import { AppError } from '../../errors/index.ts'
import { type CheckedQuery, parsersAgree } from './parsers-agree.ts'

/** For the person whose query it is. */
export const PARSERS_DISAGREE =
  'The two parsers that check every query do not agree on what this one reads, so it does not run. Write it in a simpler way: plain joins and subqueries, each table by its name.'

/**
 * Lets a proved query through when the second parser agrees with the first. A hole in the first one's walk would hide a table
 * from every rule: such a query does not run.
 * @throws AppError QUERY_TOO_COMPLEX with `data.guardCode` SQL_PARSERS_DISAGREE
 */
export async function assertParsersAgree(query: CheckedQuery): Promise<void> {
  const { agree, cause } = await parsersAgree(query)
  if (agree) return
  const part = (query.asked ?? query.sql).slice(0, 120)
  throw new AppError('QUERY_TOO_COMPLEX', PARSERS_DISAGREE, {
    data: { part, guardCode: 'SQL_PARSERS_DISAGREE' },
    cause,
  })
}
