import type { QueryLineage } from '@plumbline/tools/contract'
import { lineageOf } from '@plumbline/tools/sql'
import type { LearnedSource } from '../sources/source-knowledge.ts'

/** A question whose query somebody has checked, with what its result is made of. */
export interface VerifiedLineage {
  readonly source: string
  readonly question: string
  readonly lineage: QueryLineage
}

/** The verified queries of a source. */
export function verifiedLineage(
  source: Pick<LearnedSource, 'name' | 'dialect' | 'source' | 'model'>,
): VerifiedLineage[] {
  const { tables } = source.source
  return source.model.verifiedQueries.map(({ question, sql }) => ({
    source: source.name,
    question,
    lineage: lineageOf(sql, source.dialect, tables),
  }))
}
