import { AppError } from '@plumbline/tools/errors'

/** In quotes to the closing quote, since a folder may have spaces; bare, where no word stands before it: km/h/s is none. */
const QUOTED_PATH = /(["'`])(?:\/|[a-z]:[\\/])(?:(?!\1).)*\1/gi
const BARE_PATH = /(?<![\w)])(?:(?:\/[\w.@-]+){2,}|[a-z]:\\\S+)/gi

/** DuckDB's own text without the caret picture, without our wrapper's line numbers and without any file path. */
function readable(message: string): string {
  // A message may quote a value of the data, of any length.
  const [first = ''] = message.slice(0, 4000).split(/\n\s*\n|\nLINE \d+:/)
  return first
    .replace(/\s*\n\s*/g, ' ')
    .replace(QUOTED_PATH, '<path>')
    .replace(BARE_PATH, '<path>')
    .slice(0, 500)
    .trim()
}

/** An error of DuckDB as ours, once. `aborted` tells an interrupt that we asked for from any other. */
export function translateError(error: unknown, aborted: boolean): AppError {
  if (error instanceof AppError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (aborted || /^INTERRUPT Error/i.test(message)) return new AppError('QUERY_CANCELLED', 'Stopped.', { cause: error })
  const column = /Referenced column "([^"]+)" (?:was )?not found|does not have a column named "([^"]+)"/i.exec(message)
  if (column) {
    const [, a, b] = column
    const [, candidate] = /Candidate bindings: "([^"]+)"/i.exec(message) ?? []
    const hint = candidate ? `; did you mean \`${candidate}\`?` : '.'
    return new AppError('COLUMN_UNKNOWN', `Column \`${a ?? b}\` is unknown${hint}`, { cause: error })
  }
  if (/^Catalog Error: Table/i.test(message)) return new AppError('TABLE_UNKNOWN', readable(message), { cause: error })
  if (/^(Out of Memory|IO) Error/i.test(message)) {
    return new AppError(
      'QUERY_FAILED',
      'The query needs more memory than it may use. Ask for a shorter period or fewer groups.',
      {
        cause: error,
      },
    )
  }
  if (/^(Permission|Invalid Configuration) Error|^Invalid Input Error: Cannot change configuration/i.test(message)) {
    return new AppError('FUNCTION_NOT_ALLOWED', 'The engine reads only its own tables.', { cause: error })
  }
  if (
    /^(Binder|Parser|Catalog|Conversion|Invalid Input|Out of Range|Constraint|Not implemented|Syntax) Error/i.test(
      message,
    )
  ) {
    return new AppError('QUERY_INVALID', readable(message), { cause: error })
  }
  return new AppError('QUERY_FAILED', readable(message) || 'The engine could not run the query.', { cause: error })
}
