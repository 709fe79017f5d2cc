import type { SqlDialect } from '@plumbline/native'

/** Words that begin a line, by how far they stand out. Longer phrases first, so that the longest is taken. */
const CLAUSES = [
  'UNION ALL',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'WITH',
  'SELECT',
  'FROM',
  'WHERE',
  'GROUP BY',
  'HAVING',
  'QUALIFY',
  'WINDOW',
  'ORDER BY',
  'LIMIT',
  'OFFSET',
  'LEFT OUTER JOIN',
  'RIGHT OUTER JOIN',
  'FULL OUTER JOIN',
  'LEFT JOIN',
  'RIGHT JOIN',
  'FULL JOIN',
  'INNER JOIN',
  'CROSS JOIN',
  'ASOF JOIN',
  'JOIN',
]
const BREAK_AFTER_COMMA = new Set(['SELECT', 'WITH'])
/** A subquery or list up to this length stays on its line. */
const SHORT = 48

interface Token {
  readonly text: string
  readonly word: boolean
}

/**
 * Strings, quoted names and comments are one token each, so that nothing inside them is touched. A word may begin with a
 * digit: `1a` is a name in some dialects.
 */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|[\p{L}\p{N}_$@#]+|\s+|[\s\S]/gu
const WORD = /^[\p{L}_]/u

/**
 * SQL laid out for people: a clause a line, columns one below the other. Only white space changes. SQL with a backslash, a
 * dollar quote, a comment or SQLite's names in brackets comes back as it is: there a token may end elsewhere.
 */
export function formatSql(sql: string, dialect: SqlDialect): string {
  if (/[\\$]|--|\/\*/.test(sql) || (dialect === 'sqlite' && sql.includes('['))) return sql.trim()
  const tokens = (sql.match(TOKEN) ?? []).map((text) => ({ text, word: WORD.test(text) }))
  return layOut(tokens).trim()
}

interface Block {
  readonly indent: number
  clause: string
  /** A parenthesis that holds a query of its own. */
  readonly query: boolean
}

function layOut(tokens: readonly Token[]): string {
  let out = ''
  const blocks: Block[] = [{ indent: 0, clause: '', query: true }]
  const line = (indent: number) => {
    out = `${out.trimEnd()}\n${' '.repeat(indent)}`
  }
  for (let i = 0; i < tokens.length; i++) {
    const { text, word } = tokens[i] as Token
    const block = blocks.at(-1) as Block
    if (/^\s+$/.test(text)) {
      if (out !== '' && !/[\s(]$/.test(out)) out += ' '
      continue
    }
    const clause = word && block.query ? clauseAt(tokens, i) : null
    if (clause) {
      // FROM inside extract(… FROM …) stands in a block that is no query and does not come here.
      if (out !== '') line(block.indent)
      out += clause.text
      block.clause = clause.name
      i = clause.end
      if (BREAK_AFTER_COMMA.has(clause.name) && clause.name === 'SELECT' && hasComma(tokens, i + 1))
        line(block.indent + 2)
      continue
    }
    if (text === '(') {
      out += text
      const query = startsQuery(tokens, i + 1) && lengthToClose(tokens, i) > SHORT
      const indent = query ? lineIndent(out) + 2 : block.indent
      blocks.push({ indent, clause: '', query })
      if (query) line(indent)
    } else if (text === ')') {
      const closed = blocks.length > 1 ? (blocks.pop() as Block) : block
      if (closed.query && blocks.length > 0) line(closed.indent - 2)
      out += text
    } else if (text === ',' && block.query && BREAK_AFTER_COMMA.has(block.clause)) {
      out += text
      line(block.clause === 'SELECT' ? block.indent + 2 : block.indent)
    } else if (
      word &&
      block.query &&
      block.clause === 'WHERE' &&
      /^(and|or)$/i.test(text) &&
      !afterBetween(tokens, i)
    ) {
      line(block.indent + 2)
      out += text
    } else out += text
  }
  return out
}

/** Spaces at the start of the line being written. */
function lineIndent(out: string): number {
  const current = out.slice(out.lastIndexOf('\n') + 1)
  return current.length - current.trimStart().length
}

function clauseAt(tokens: readonly Token[], at: number): { name: string; text: string; end: number } | null {
  for (const name of CLAUSES) {
    const words = name.split(' ')
    let i = at
    const seen: string[] = []
    for (const word of words) {
      while (seen.length > 0 && /^\s+$/.test(tokens[i]?.text ?? '')) i++
      if (tokens[i]?.text.toUpperCase() !== word) break
      seen.push(tokens[i]?.text ?? '')
      i++
    }
    if (seen.length === words.length) return { name, text: seen.join(' '), end: i - 1 }
  }
  return null
}

function startsQuery(tokens: readonly Token[], from: number): boolean {
  let i = from
  while (/^[\s(]+$/.test(tokens[i]?.text ?? '')) i++
  return /^(select|with)$/i.test(tokens[i]?.text ?? '')
}

function lengthToClose(tokens: readonly Token[], open: number): number {
  let depth = 0
  let length = 0
  for (let i = open; i < tokens.length; i++) {
    const { text } = tokens[i] as Token
    if (text === '(') depth++
    if (text === ')' && --depth === 0) return length
    length += text.length
  }
  return length
}

/** Whether the list of this SELECT has more than one item. */
function hasComma(tokens: readonly Token[], from: number): boolean {
  let depth = 0
  for (let i = from; i < tokens.length; i++) {
    const { text } = tokens[i] as Token
    if (text === '(') depth++
    else if (text === ')' && depth-- === 0) return false
    else if (depth === 0 && text === ',') return true
    else if (depth === 0 && /^from$/i.test(text)) return false
  }
  return false
}

/** The AND of BETWEEN … AND … belongs to it. */
function afterBetween(tokens: readonly Token[], at: number): boolean {
  for (let i = at - 1; i >= 0; i--) {
    const text = tokens[i]?.text.toLowerCase() ?? ''
    if (text === 'and' || text === 'or' || text === 'where') return false
    if (text === 'between') return true
  }
  return false
}
