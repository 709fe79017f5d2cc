import type { Answer, QueryLineage, Receipt } from '@plumbline/tools/contract'
import { usedKeys } from '@plumbline/tools/lineage'
import { type RawBuilder, sql } from 'kysely'

/**
 * The part of the statement that saves an answer which keeps its lineage: a common table expression over `saved`, the id that was
 * saved. One statement, so that an answer is never without it.
 */
export function keepLineage(answer: Answer): RawBuilder<unknown> {
  const { receipt } = answer
  if (!receipt) return sql`delete from answer_lineage where answer_id in (select id from saved)`
  const lineage = lineageOfReceipt(receipt)
  return sql`
    insert into answer_lineage (answer_id, source, lineage, keys)
    select id, ${receipt.source.name}, ${JSON.stringify(lineage)}::json, ${usedKeys(lineage)}::text[] from saved
    on conflict (answer_id) do update set source = excluded.source, lineage = excluded.lineage, keys = excluded.keys`
}

function lineageOfReceipt({ lineage, influences, tables }: Receipt): QueryLineage {
  return { columns: lineage, influences, tables, unknown: [], exact: lineage.every((column) => column.exact) }
}
