import type { ApiScope } from '@plumbline/tools/contract'

export const SCOPE_WORDS: Record<ApiScope, string> = {
  ask: 'Ask questions',
  query: 'Run SQL of its own',
  read: 'Read threads, answers and receipts',
  'audit.read': 'Read the audit log',
  admin: 'Change policies, manage people',
}
