import { AppError } from '@plumbline/tools/errors'

/** Errors of Node that mean "the database can not be reached". */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EPIPE',
  'EAI_AGAIN',
])

/**
 * Translates what the database and its driver throw, once. SQLSTATE classes (PostgreSQL, appendix A): 53100 disk full, 08
 * connection, 28 login, 3D000 no such database, 57P server going down, 22021 U+0000 in a text (replaced where text is free, so
 * it came in an id). What is not known passes as it is: the edge shows it as INTERNAL and the log has it.
 */
export function toStateError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  const code = (error as Error & { code?: unknown }).code
  const state = typeof code === 'string' ? code : ''
  if (state === '53100' || state === 'ENOSPC') return diskFull(error)
  if (state === '22021') {
    return new AppError('INPUT_INVALID', 'An id holds a character that no id has.', { cause: error })
  }
  if (
    UNREACHABLE.has(state) ||
    /^(08|57P)/.test(state) ||
    /^Connection terminated|connection error and is not queryable|timeout exceeded when/.test(error.message)
  ) {
    return new AppError('STATE_UNAVAILABLE', 'The database that keeps threads and answers can not be reached.', {
      cause: error,
    })
  }
  if (/^28/.test(state) || state === '3D000') {
    return new AppError(
      'STATE_UNAVAILABLE',
      'The Postgres server refuses the login or database of DATABASE_URL: check it.',
      {
        cause: error,
      },
    )
  }
  return error
}

export function diskFull(cause: unknown): AppError {
  return new AppError(
    'DISK_FULL',
    'The disk is full: free some space, or set PLUMBLINE_DATA_DIR to a folder on another disk.',
    {
      cause,
    },
  )
}

type Methods = Record<string, (...args: never[]) => Promise<unknown>>

/** The same store, with the errors of the database translated. */
export function withStateErrors<Store extends object>(store: Store): Store {
  const wrapped = Object.entries(store as unknown as Methods).map(([name, method]) => [
    name,
    async (...args: never[]) => {
      try {
        return await method(...args)
      } catch (error) {
        throw toStateError(error)
      }
    },
  ])
  return Object.fromEntries(wrapped) as Store
}
