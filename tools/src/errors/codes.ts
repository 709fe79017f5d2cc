/**
 * Every failure the product can report, once. `blame` decides the tone of the message and the failure budget that is
 * charged, `retry` whether the same call may succeed later, `http` the status a REST caller sees.
 */
export interface CodeInfo {
  readonly blame: 'user' | 'system' | 'vendor'
  readonly retry: boolean
  readonly http: number
}

const user = (http: number): CodeInfo => ({ blame: 'user', retry: false, http })
const system = (http: number, retry = false): CodeInfo => ({ blame: 'system', retry, http })
const vendor = (http: number, retry = true): CodeInfo => ({ blame: 'vendor', retry, http })

export const CODES = {
  // The question
  QUESTION_EMPTY: user(400),
  QUESTION_TOO_LONG: user(413),
  QUESTION_NOT_UNDERSTOOD: user(422),
  // The query
  QUERY_INVALID: user(422),
  QUERY_NOT_READ_ONLY: user(403),
  QUERY_TOO_COMPLEX: user(422),
  FUNCTION_NOT_ALLOWED: user(403),
  TABLE_UNKNOWN: user(422),
  COLUMN_UNKNOWN: user(422),
  QUERY_TIMEOUT: system(504),
  QUERY_CANCELLED: user(499),
  QUERY_FAILED: system(502),
  // Access
  UNAUTHENTICATED: user(401),
  FORBIDDEN: user(403),
  NOT_FOUND: user(404),
  INPUT_INVALID: user(400),
  CONFLICT: user(409),
  RATE_LIMITED: user(429),
  BUDGET_EXCEEDED: user(402),
  IDENTITY_UNAVAILABLE: vendor(503),
  // The installation
  CONFIG_INVALID: user(500),
  PORT_TAKEN: user(500),
  DATA_DIR_LOCKED: user(500),
  DISK_FULL: system(507),
  STATE_UNAVAILABLE: system(503, true),
  AUDIT_UNAVAILABLE: system(503, true),
  SOURCE_UNAVAILABLE: system(503, true),
  CAPABILITY_MISSING: system(501),
  SEMANTIC_MODEL_INVALID: user(500),
  POLICY_INVALID: user(422),
  FILE_INVALID: user(422),
  INTERNAL: system(500),
  // The model vendors
  MODEL_KEY_MISSING: user(401),
  MODEL_KEY_REFUSED: vendor(401, false),
  MODEL_OVERLOADED: vendor(503),
  MODEL_RATE_LIMITED: vendor(429),
  MODEL_UNAVAILABLE: vendor(503),
  MODEL_OUTPUT_INVALID: vendor(502),
  MODEL_REQUEST_INVALID: vendor(400, false),
  MODEL_STREAM_CUT: vendor(502),
} as const satisfies Record<string, CodeInfo>

export type Code = keyof typeof CODES
