import { AppError, type Code } from '@plumbline/tools/errors'

/** Who failed, in words a reader knows. */
export interface VendorNames {
  /** "Anthropic", or "The model server at localhost:11434". */
  readonly vendor: string
  readonly model: string
  readonly keyEnv: string
  /** Never to be repeated, whatever the vendor echoes. */
  readonly secret: string
}

export interface VendorFacts {
  readonly status?: number | undefined
  readonly headers?: Headers | undefined
  readonly requestId?: string | null | undefined
  /** The vendor's own words. */
  readonly detail?: string | undefined
  readonly cause?: unknown
}

export type FailureKind =
  | 'rate-limited'
  | 'overloaded'
  | 'server'
  | 'no-answer'
  | 'unreachable'
  | 'cut'
  | 'key'
  | 'forbidden'
  | 'credit'
  | 'model'
  | 'request'

const CODE: Record<FailureKind, Code> = {
  'rate-limited': 'MODEL_RATE_LIMITED',
  overloaded: 'MODEL_OVERLOADED',
  server: 'MODEL_UNAVAILABLE',
  'no-answer': 'MODEL_UNAVAILABLE',
  unreachable: 'MODEL_UNAVAILABLE',
  cut: 'MODEL_STREAM_CUT',
  key: 'MODEL_KEY_REFUSED',
  forbidden: 'MODEL_KEY_REFUSED',
  credit: 'MODEL_KEY_REFUSED',
  model: 'MODEL_REQUEST_INVALID',
  request: 'MODEL_REQUEST_INVALID',
}

/** What an HTTP status means when the vendor says nothing more precise. */
export function kindOfStatus(status: number): FailureKind {
  if (status === 401) return 'key'
  if (status === 402) return 'credit'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'model'
  if (status === 429) return 'rate-limited'
  if (status === 503 || status === 529) return 'overloaded'
  if (status === 408 || status === 409 || status >= 500) return 'server'
  return 'request'
}

/** The AppError of a vendor's failure: a message that says what to do, and what the retry policy needs in `data`. */
export function vendorFailure(kind: FailureKind, names: VendorNames, facts: VendorFacts = {}): AppError {
  const retryAfterMs = facts.headers && readRetryAfter(facts.headers)
  const data: Record<string, unknown> = { model: names.model }
  if (facts.status !== undefined) data.status = facts.status
  if (facts.requestId) data.requestId = facts.requestId
  if (retryAfterMs !== undefined) data.retryAfterMs = retryAfterMs
  if (facts.headers?.get('x-should-retry') === 'false') data.retry = false
  const detail = facts.detail ? scrub(facts.detail, names.secret).slice(0, 300) : ''
  return new AppError(CODE[kind], wording(kind, names, detail), {
    data,
    // A vendor's error object holds headers and may echo the key: the log gets its words only.
    cause: facts.cause === undefined ? undefined : new Error(scrub(describe(facts.cause), names.secret)),
  })
}

function wording(kind: FailureKind, { vendor, model, keyEnv }: VendorNames, detail: string): string {
  switch (kind) {
    case 'rate-limited':
      return `${vendor} limits the rate of requests of this key.`
    case 'overloaded':
      return `${vendor} is overloaded.`
    case 'server':
      return `${vendor} had an error of its own.`
    case 'no-answer':
      return `${vendor} did not answer in time.`
    case 'unreachable':
      return `${vendor} can not be reached: check the network and the address.`
    case 'cut':
      return `The answer of ${vendor} broke off.`
    case 'key':
      return `${vendor} refused the key: check ${keyEnv}.`
    case 'forbidden':
      return `${vendor} does not let this key use the model \`${model}\`: check ${keyEnv} and PLUMBLINE_MODEL.`
    case 'credit':
      return `${vendor} reports that the account behind ${keyEnv} has no credit left: top it up.`
    case 'model':
      return `${vendor} does not know the model \`${model}\`: check PLUMBLINE_MODEL.`
    case 'request':
      return `${vendor} refused the request${detail ? `: ${detail}` : '.'}`
  }
}

/** Takes the key, and anything that looks like one, out of a text. */
export function scrub(text: string, secret: string): string {
  const known = secret.length >= 4 ? text.replaceAll(secret, '[key]') : text
  return known.replace(/\b(?:sk|pk|key)-[\w*-]{6,}/g, '[key]').replace(/Bearer\s+\S+/gi, 'Bearer [key]')
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const below = cause.cause instanceof Error ? ` (${cause.cause.message})` : ''
  return `${cause.name}: ${cause.message}${below}`.slice(0, 500)
}

/** Milliseconds of `retry-after-ms` or `retry-after` (seconds or an HTTP date, RFC 9110 10.2.3). */
function readRetryAfter(headers: Headers): number | undefined {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '')
  if (ms >= 0) return ms
  const text = headers.get('retry-after')
  if (!text) return undefined
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
