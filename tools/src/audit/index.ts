export type { AuditSink } from './audit-sink.ts'
