import { highlightSql, type SqlToken } from './highlight-sql.ts'

/** Words before which a new line begins; of several in a row only before the first: `LEFT OUTER JOIN`, `GROUP BY`. */
const CLAUSES = new Set(
  'select from where group having order limit offset qualify window union intersect except join left right full inner cross natural'.split(
    ' ',
  ),
)
const FOLLOWERS = new Set('join outer by all distinct lateral'.split(' '))
const LONG = 60

/**
 * SQL on one line, as it is printed from a checked tree, on several: a line a clause, what stands in brackets around a SELECT a
 * step further in, and a line a column where a SELECT is long. Only white space changes. SQL that has lines keeps them.
 */
export function layOutSql(sql: string): string {
  if (sql.includes('\n') || sql.length <= LONG) return sql
  const tokens = highlightSql(sql).filter((token) => token.kind !== 'space')
  const spaced = spaces(sql)
  let text = ''
  /** For each open bracket: whether it holds a SELECT, so that its lines go further in. */
  const brackets: boolean[] = []
  const indent = () => '  '.repeat(brackets.filter(Boolean).length)
  const listing: boolean[] = [false]
  tokens.forEach((token, i) => {
    const word = token.text.toLowerCase()
    const isWord = token.kind === 'keyword' || token.kind === 'function' || token.kind === 'name'
    const before = tokens[i - 1]?.text.toLowerCase() ?? ''
    const inQuery = brackets.at(-1) ?? true
    const joined = FOLLOWERS.has(word) && isClause(tokens[i - 1])
    // `left(name, 1)` is a function, `FROM (SELECT` is not.
    const isCall = (word === 'left' || word === 'right') && tokens[i + 1]?.text === '('
    const opensLine = inQuery && isWord && CLAUSES.has(word) && !joined && !isCall && before !== '(' && i > 0
    if (token.text === ')') {
      const held = brackets.pop()
      listing.pop()
      if (held) text += `\n${indent()}`
    } else if (opensLine) {
      text += `\n${indent()}`
    } else if (inQuery && listing.at(-1) && before === ',') {
      text += `\n${indent()}  `
    } else if (spaced[i]) text += ' '
    text += token.text
    if (isWord && CLAUSES.has(word)) listing[listing.length - 1] = word === 'select' && selectIsLong(tokens, i)
    if (token.text === '(') {
      const holds = tokens[i + 1]?.text.toLowerCase() === 'select' || tokens[i + 1]?.text.toLowerCase() === 'with'
      brackets.push(holds)
      listing.push(false)
      if (holds) text += `\n${indent()}`
    }
  })
  return text
}

const isClause = (token: SqlToken | undefined) =>
  token !== undefined && (CLAUSES.has(token.text.toLowerCase()) || FOLLOWERS.has(token.text.toLowerCase()))

/** Whether white space stood before each token that is none. */
function spaces(sql: string): boolean[] {
  const found: boolean[] = []
  let space = false
  for (const token of highlightSql(sql)) {
    if (token.kind === 'space') space = true
    else {
      found.push(space)
      space = false
    }
  }
  return found
}

/** Whether the columns of a SELECT, up to its FROM, are too long for a line. */
function selectIsLong(tokens: readonly SqlToken[], from: number): boolean {
  let depth = 0
  let length = 0
  for (const token of tokens.slice(from + 1)) {
    if (token.text === '(') depth++
    if (token.text === ')') depth--
    if (depth < 0 || (depth === 0 && token.text.toLowerCase() === 'from')) break
    length += token.text.length + 1
  }
  return length > LONG
}
