import { ImpactReport, LineageGraph } from '@plumbline/tools/contract'
import { queryText, send } from './send.ts'

export const lineageApi = {
  ofAnswer: async (answer: string) => LineageGraph.parse(await send('GET', `/lineage${queryText({ answer })}`)),
  /** Without a column the whole table is meant. */
  impact: async (source: string, table: string, column: string | null) =>
    ImpactReport.parse(await send('GET', `/lineage/impact${queryText({ source, table, column })}`)),
}
