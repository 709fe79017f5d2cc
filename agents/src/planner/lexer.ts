import { stem } from './stem.ts'

/** One word, number or quoted text of the question, with its place. */
export interface Token {
  kind: 'word' | 'number' | 'quoted' | 'date' | 'clock'
  text: string
  lower: string
  stem: string
  /** The number, of a number; hour 0–24 of a clock. */
  value?: number
  /** `4th`, `1st`. */
  ordinal?: boolean
  percent?: boolean
  capital: boolean
  /** A comma, semicolon or colon stood before it. */
  pause: boolean
}

const PATTERN =
  /“([^”]{1,200})”|"([^"]{1,200})"|(?<![\p{L}\p{N}])['‘]([^'’]{1,200})['’](?![\p{L}\p{N}])|(\d{4}-\d{2}-\d{2})|(\d{1,2})(?::(\d{2}))?\s?(am|pm|a\.m\.|p\.m\.|o'clock)(?![\p{L}\p{N}])|((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(st|nd|rd|th|k|m|bn)?(\s?%)?(?![\p{L}\p{N}])|(>=|<=|<>|!=|>|<|=)|([\p{L}\p{N}_]+(?:[.&][\p{L}\p{N}]+)*(?:['’][\p{L}]+)?)/giu

const SCALES: Record<string, number> = { k: 1e3, m: 1e6, bn: 1e9 }

function word(text: string, pause: boolean): Token[] {
  const [, head = text, tail] = /^(.*?)(['’]s|['’]|n['’]t|['’](?:re|ve|ll|d|m))?$/iu.exec(text) ?? []
  // "can't" lacks the n that "isn't" has, once n't is cut off.
  const base = head.toLowerCase() === 'ca' && tail !== undefined ? 'can' : head
  const lower = base.toLowerCase().replaceAll(/['’]/g, '')
  const token: Token = { kind: 'word', text: base, lower, stem: stem(lower), capital: /^\p{Lu}/u.test(base), pause }
  const negated = tail !== undefined && /^n/i.test(tail)
  const future = tail !== undefined && /^['’]ll$/i.test(tail)
  const extra = negated ? 'not' : future ? 'will' : undefined
  if (extra === undefined) return [token]
  return [token, { kind: 'word', text: extra, lower: extra, stem: extra, capital: false, pause: false }]
}

/** The question as tokens: quotes stay whole, `10,000` and `5k` are numbers, `6 pm` is a clock, `don't` is two words. */
export function tokenize(question: string): Token[] {
  const tokens: Token[] = []
  let end = 0
  for (const match of question.matchAll(PATTERN)) {
    const pause = /[,;:]/.test(question.slice(end, match.index))
    end = match.index + match[0].length
    const [text, curly, double, single, date, hour, minute, half, digits, suffix, percent, operator, plain] = match
    const base = { text, lower: text.toLowerCase(), stem: text.toLowerCase(), capital: false, pause }
    const quoted = curly ?? double ?? single
    if (quoted !== undefined) {
      tokens.push({ ...base, kind: 'quoted', text: quoted, lower: quoted.toLowerCase(), stem: quoted.toLowerCase() })
    } else if (date !== undefined) {
      tokens.push({ ...base, kind: 'date' })
    } else if (hour !== undefined && half !== undefined) {
      const late = /^p/i.test(half)
      const twelve = Number(hour) % 12
      const value = (/^o/i.test(half) ? Number(hour) : twelve + (late ? 12 : 0)) + Number(minute ?? 0) / 60
      tokens.push({ ...base, kind: 'clock', value })
    } else if (digits !== undefined) {
      const scale = SCALES[suffix?.toLowerCase() ?? ''] ?? 1
      const value = Number(digits.replaceAll(',', '')) * scale
      const ordinal = /^(st|nd|rd|th)$/i.test(suffix ?? '')
      tokens.push({ ...base, kind: 'number', value, ordinal, percent: percent !== undefined })
    } else if (operator !== undefined) {
      tokens.push({ ...base, kind: 'word' })
    } else if (plain !== undefined) {
      tokens.push(...word(plain, pause))
    }
  }
  return tokens
}
