import type { AuditEntry } from '../contract/index.ts'
import { AUDIT_CSV_HEADER, auditCsvLine } from './audit-csv.ts'
import { canonicalJson } from './canonical-json.ts'

export type AuditExportFormat = 'jsonl' | 'csv'

/** The text of an export: JSON lines in the canonical form that the hashes are made of, or CSV with its header. */
export async function* auditExport(
  entries: AsyncIterable<AuditEntry>,
  format: AuditExportFormat,
): AsyncIterable<string> {
  if (format === 'csv') yield `${AUDIT_CSV_HEADER}\r\n`
  for await (const entry of entries) yield format === 'csv' ? `${auditCsvLine(entry)}\r\n` : `${canonicalJson(entry)}\n`
}
