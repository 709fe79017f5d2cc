export type SqlTokenKind = 'keyword' | 'function' | 'string' | 'number' | 'comment' | 'name' | 'punctuation' | 'space'

export interface SqlToken {
  readonly kind: SqlTokenKind
  readonly text: string
}

const KEYWORDS = new Set(
  `select from where group by having order limit offset with recursive as on using join left right full inner outer cross lateral
   and or not in is null like ilike between exists case when then else end distinct all union intersect except asc desc nulls
   first last over partition rows range unbounded preceding following current row filter within qualify cast interval true false
   values unnest any some escape`.split(/\s+/),
)

const PATTERNS: readonly [SqlTokenKind, RegExp][] = [
  ['space', /\s+/y],
  ['comment', /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y],
  ['string', /'(?:[^']|'')*(?:'|$)/y],
  ['name', /"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)/y],
  ['number', /\d+(?:\.\d+)?(?:e[+-]?\d+)?/iy],
  ['name', /[\p{L}_][\p{L}\p{N}_$]*/uy],
  ['punctuation', /[\s\S]/uy],
]

function next(sql: string, at: number): SqlToken {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at
    const [text] = pattern.exec(sql) ?? []
    if (text) return { kind, text }
  }
  return { kind: 'punctuation', text: sql.slice(at) }
}

/** SQL cut into tokens for colouring; joined, they are the input again. */
export function highlightSql(sql: string): SqlToken[] {
  const tokens: SqlToken[] = []
  for (let at = 0; at < sql.length; ) {
    const token = next(sql, at)
    at += token.text.length
    const isWord = token.kind === 'name' && /^[\p{L}_]/u.test(token.text)
    if (isWord && KEYWORDS.has(token.text.toLowerCase())) tokens.push({ ...token, kind: 'keyword' })
    else if (isWord && sql[at] === '(') tokens.push({ ...token, kind: 'function' })
    else tokens.push(token)
  }
  return tokens
}
