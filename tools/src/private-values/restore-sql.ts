import { AppError } from '../errors/index.ts'
import { quoteLiteral, type SqlDialect } from '../sql/index.ts'
import { TOKEN } from './token.ts'

/**
 * The pieces of a text of SQL in which a token means something else: comments, dollar quotes, literals (a letter before one changes
 * how it is read), quoted names, a quote that is never closed; and a token among none of these.
 */
const pieces = (content: string) =>
  new RegExp(
    [
      '--[^\\n]*',
      '/\\*[\\s\\S]*?\\*/',
      '\\$(?<tag>[A-Za-z_]*)\\$[\\s\\S]*?\\$\\k<tag>\\$',
      `(?:(?<![A-Za-z0-9_])(?<prefix>[A-Za-z]{1,2}&?))?'(?<content>${content})'`,
      '"(?:[^"]|"")*"',
      '`(?:[^`]|``)*`',
      '[\'"`]',
      TOKEN.source,
    ].join('|'),
    'g',
  )
const PIECES = pieces("(?:[^']|'')*")
/** Where a backslash escapes what follows it. */
const PIECES_BACKSLASH = pieces("(?:[^'\\\\]|''|\\\\[\\s\\S])*")
const BACKSLASH = new Set<SqlDialect>(['mysql', 'databricks', 'snowflake'])

/**
 * Puts values in the place of their tokens: inside a literal as its text, elsewhere as a literal. The value is escaped as the
 * dialect wants it, so that it is a value whatever it holds.
 * @throws AppError MODEL_OUTPUT_INVALID where a token stands in a name, a comment or a literal with its own rules
 */
export function restoreSql(sql: string, dialect: SqlDialect, ofToken: (token: string) => string | undefined): string {
  const known = (text: string) => (text.match(TOKEN) ?? []).some((token) => ofToken(token) !== undefined)
  if (!known(sql)) return sql
  return sql.replace(BACKSLASH.has(dialect) ? PIECES_BACKSLASH : PIECES, (piece: string, ...rest: unknown[]) => {
    const { prefix, content } = rest.at(-1) as { prefix?: string; content?: string }
    if (/^['"`]$/.test(piece)) throw misplaced()
    if (!known(piece)) return piece
    if (content !== undefined) {
      if (prefix !== undefined) throw misplaced()
      return `'${content.replace(TOKEN, (token) => inside(ofToken(token), token, dialect))}'`
    }
    const own = ofToken(piece)
    if (own === undefined) throw misplaced()
    return quoteLiteral(own, dialect)
  })
}

const inside = (value: string | undefined, token: string, dialect: SqlDialect) =>
  value === undefined ? token : quoteLiteral(value, dialect).slice(1, -1)

function misplaced(): AppError {
  return new AppError('MODEL_OUTPUT_INVALID', 'The model put a private value where no value can stand in its SQL.')
}
