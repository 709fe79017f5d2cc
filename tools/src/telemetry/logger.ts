import { type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino'
import { AppError } from '../errors/index.ts'
import { maskText, SECRET_FIELDS } from './mask-secrets.ts'

export type { Logger } from 'pino'

export interface LoggerOptions {
  /** Without it `PLUMBLINE_LOG_LEVEL`, else `warn`. */
  readonly level?: string
  /** Standard error, because standard output belongs to answers and to MCP over stdio. */
  readonly destination?: DestinationStream
}

const LEVELS = new Set(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])

// pino's wildcard stands for one level each.
const redactPaths = SECRET_FIELDS.flatMap((name) => ['', '*', '*.*', '*.*.*'].map((above) => `${above}["${name}"]`))

/** A logger that writes JSON lines without credentials. */
export function createLogger(name: string, options: LoggerOptions = {}): Logger {
  const level = options.level ?? process.env.PLUMBLINE_LOG_LEVEL ?? 'warn'
  return pino(
    {
      name,
      level: LEVELS.has(level) ? level : 'warn',
      redact: { paths: redactPaths, censor: '[redacted]' },
      serializers: { err: serializeError, error: serializeError },
      hooks: { streamWrite: maskText },
    },
    // Synchronous, so that the last line before an exit is not lost.
    options.destination ?? destination({ fd: 2, sync: true }),
  )
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const base = stdSerializers.err(error)
  return error instanceof AppError ? { ...base, code: error.code, data: error.data } : base
}
