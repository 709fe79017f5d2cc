import { type AuditFilter, AuditPage, AuditVerdict } from '@plumbline/tools/contract'
import { queryText, send } from './send.ts'

export const auditApi = {
  /** Newest first; `before` is the `next` of the page before. */
  page: async (filter: AuditFilter, before: number | null) =>
    AuditPage.parse(await send('GET', `/audit${queryText({ ...filter, before })}`)),
  verify: async () => AuditVerdict.parse(await send('GET', '/audit/verify')),
  /** An address to download what the filter finds. */
  exportUrl: (filter: AuditFilter, format: 'jsonl' | 'csv') => `/api/audit/export${queryText({ ...filter, format })}`,
}
