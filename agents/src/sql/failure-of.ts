import { toAppError } from '@plumbline/tools/errors'
import type { Failure } from '../supervisor/thread-state.ts'

/** A refusal or an error of the database as state for `repair`. A stopped question is not a failure: it goes up. */
export function failureOf(error: unknown, sql: string): Failure {
  const { code, message } = toAppError(error)
  if (code === 'QUERY_CANCELLED' || code === 'INTERNAL') throw error
  return { sql, code, message }
}
