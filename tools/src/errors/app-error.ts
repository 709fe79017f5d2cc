import { CODES, type Code, type CodeInfo } from './codes.ts'

/** What crosses a wire: WebSocket, SSE, REST and MCP (`structuredContent`) carry exactly this. */
export interface ErrorShape {
  code: Code
  message: string
  data?: Record<string, unknown>
}

/** The one error class. `message` speaks to the reader; `data` is safe to show; `cause` stays in the log. */
export class AppError extends Error {
  readonly code: Code
  readonly data: Record<string, unknown> | undefined

  constructor(code: Code, message: string, options: { cause?: unknown; data?: Record<string, unknown> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.data = options.data
  }

  get info(): CodeInfo {
    return CODES[this.code]
  }

  toJSON(): ErrorShape {
    return { code: this.code, message: this.message, ...(this.data ? { data: this.data } : {}) }
  }
}

function isErrorShape(value: unknown): value is ErrorShape {
  if (typeof value !== 'object' || value === null) return false
  const { code, message } = value as Partial<ErrorShape>
  return typeof code === 'string' && Object.hasOwn(CODES, code) && typeof message === 'string'
}

/**
 * Any thrown value or wire shape as an AppError. An unknown error becomes INTERNAL with a neutral message: the text of a
 * foreign error may hold a path, a secret or a data value, so it stays in `cause` for the log.
 */
export function toAppError(value: unknown): AppError {
  if (value instanceof AppError) return value
  if (isErrorShape(value)) return new AppError(value.code, value.message, value.data ? { data: value.data } : {})
  if (value instanceof Error && value.name === 'AbortError') {
    return new AppError('QUERY_CANCELLED', 'Stopped.', { cause: value })
  }
  return new AppError('INTERNAL', 'Something went wrong on our side. The log has the details.', { cause: value })
}
