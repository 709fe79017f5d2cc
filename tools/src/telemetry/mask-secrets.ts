/*
 * The last net under logs and traces: what looks like a credential goes, wherever it stands. It is no licence to log one.
 * The text may be anybody's and long: a pattern must not read on from every place where it could begin, or 50 kB of one letter
 * hold the process for 15 seconds. Hence the bounds and the looks behind.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 [redacted]'],
  // Keys of vendors: sk-ant-…, sk-proj-…, pk-lf-…, xoxb-…, ghp_…, AKIA….
  [/\b(?:sk|pk|rk)[-_][\w-]{8,}/g, '[redacted]'],
  [/\bxox[abprs]-[\w-]{8,}|\bgh[pousr]_\w{20,}|\bAKIA[0-9A-Z]{16}\b/g, '[redacted]'],
  // Our own API keys, and tokens in compact form (RFC 7515, RFC 7516): `eyJ` is how their header begins.
  [/\bpl_[\w-]{20,}/g, '[redacted]'],
  [/(?<![\w-])eyJ[\w-]{5,}(?:\.[\w-]+){2,4}/g, '[redacted]'],
  // user:password@ of a URL.
  [/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"]*):[^\s@/"]+@/gi, '$1:[redacted]@'],
  // A token as a parameter of a link: the page's one-time token and what a sign-in comes back with among them.
  [
    /([?&#](?:token|key|api_key|access_token|refresh_token|id_token|id_token_hint|client_secret|code|state)=)[^\s&"#]+/gi,
    '$1[redacted]',
  ],
]

/** The text without anything that looks like a key, a token or a password. */
export function maskText(text: string): string {
  let masked = text
  for (const [pattern, replacement] of PATTERNS) masked = masked.replace(pattern, replacement)
  return masked
}

/** Names of fields whose value is never shown. */
export const SECRET_FIELDS = [
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'token',
  'password',
  'secret',
  'apiKey',
  'api_key',
  'key',
  'x-api-key',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
] as const

const secretFields: ReadonlySet<string> = new Set(SECRET_FIELDS.map((name) => name.toLowerCase()))

/** A copy of a JSON-like value with its secrets taken out; deeper than 12 levels it is cut off. */
export function maskSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > 12) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => maskSecrets(item, depth + 1))
  if (value instanceof Date) return value.toISOString()
  const copy: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    const hidden = secretFields.has(name.toLowerCase()) && typeof item === 'string'
    copy[name] = hidden ? '[redacted]' : maskSecrets(item, depth + 1)
  }
  return copy
}
