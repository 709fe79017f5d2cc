import { type AuditFilter, type AuditHead, AuditPage, AuditVerdict } from '@plumbline/tools/contract'
import { z } from 'zod'
import { queryText, send, sendForEvents } from './send.ts'

const Progress = z.object({ checked: z.number(), of: z.number() })

export const auditApi = {
  /** Newest first; `before` is the `next` of the page before. */
  page: async (filter: AuditFilter, before: number | null) =>
    AuditPage.parse(await send('GET', `/audit${queryText({ ...filter, before })}`)),
  /** Reads the whole log. @param heads entries that were kept elsewhere: the log must still hold them. */
  async verify(heads: readonly AuditHead[], onProgress: (share: number) => void): Promise<AuditVerdict> {
    for await (const { event, data } of sendForEvents('POST', '/audit/verify', { heads })) {
      if (event === 'verdict') return AuditVerdict.parse(data)
      if (event === 'progress') {
        const { checked, of } = Progress.parse(data)
        onProgress(of === 0 ? 1 : checked / of)
      }
    }
    throw new TypeError('The connection ended before the verdict came.')
  },
  /** An address to download what the filter finds. */
  exportUrl: (filter: AuditFilter, format: 'jsonl' | 'csv') => `/api/audit/export${queryText({ ...filter, format })}`,
}
