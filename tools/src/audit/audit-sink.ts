import type { AuditHead, NewAuditEntry } from '../contract/index.ts'

/**
 * Where the record of what was done goes. `record` resolves once the entry is durable and linked into the chain; nothing is given
 * out before. A sink that can not write throws AUDIT_UNAVAILABLE, and the caller must fail with it. (When a connection breaks
 * between writing and acknowledging, the entry may be there all the same: the log may hold a query whose result nobody got,
 * never the other way round.)
 *
 * The entry comes without secrets (see NewAuditEntry). `seq`, `at` and the hashes are the sink's.
 */
export interface AuditSink {
  record(entry: NewAuditEntry): Promise<AuditHead>
}
