import type { AuditAction, AuditEntry, AuditOutcome, AuditSurface } from '@plumbline/tools/contract'

export const ACTION_WORDS: Record<AuditAction, string> = {
  query: 'Ran a query',
  explain: 'Looked at a plan',
  'list-values': 'Listed values',
  describe: 'Looked at a table',
  refusal: 'Question refused',
  export: 'Exported rows',
  'share-created': 'Shared an answer',
  'share-opened': 'Opened a shared answer',
  'share-revoked': 'Ended a share',
  login: 'Signed in',
  'login-failed': 'Sign-in failed',
  logout: 'Signed out',
  'sessions-ended': 'Ended all sessions',
  'key-created': 'Made an API key',
  'key-revoked': 'Revoked an API key',
  'token-issued': 'Made a token',
  'token-revoked': 'Revoked a token',
  'token-reused': 'Used a token twice',
  'signing-key-rotated': 'Changed the signing key',
  'user-changed': 'Changed a person',
  'approval-requested': 'Asked for approval',
  'approval-granted': 'Approved a query',
  'approval-denied': 'Declined a query',
  'policy-changed': 'Changed the policies',
  'policy-restored': 'Restored policies',
  'policy-dry-run': 'Tried the policies',
  'audit-exported': 'Exported the audit log',
}

export const OUTCOME_WORDS: Record<AuditOutcome, string> = {
  ok: 'done',
  refused: 'refused',
  failed: 'failed',
  cancelled: 'stopped',
}

export const SURFACE_WORDS: Record<AuditSurface, string> = {
  page: 'the page',
  rest: 'the REST interface',
  mcp: 'MCP',
  cli: 'the command line',
  slack: 'Slack',
  stdio: 'MCP on this machine',
  export: 'an export',
  share: 'a shared link',
  system: 'Plumbline itself',
}

/** What was done, and to what, in a line: the question where there is one, else the SQL, else the facts. */
export function auditSubject(entry: AuditEntry): string {
  if (entry.question) return entry.question
  const sql = entry.sqlAsked ?? entry.sqlRun
  if (sql) return sql.replace(/\s+/g, ' ').slice(0, 300)
  if (entry.error) return entry.error.message
  const { version, comment } = entry.details
  if (version !== undefined) return [`version ${version}`, ...(comment ? [`“${comment}”`] : [])].join(': ')
  return Object.entries(entry.details)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}
