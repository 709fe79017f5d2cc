import { type Cell, type Column, formatCell } from '@plumbline/tools/contract'

export interface ShownResult {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
}

/** A number of a text, and how exactly it was written: 12.6 → step 0.1; 1.3 million → step 100,000. */
interface Written {
  readonly value: number
  readonly step: number
  readonly percent: boolean
}

const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  million: 1e6,
  bn: 1e9,
  b: 1e9,
  billion: 1e9,
}

/** Words that state a number no digit shows. "One" and "first" are left out: they are mostly no numbers. */
const NUMBER_WORDS =
  /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|halves|halved|twice|thrice|doubled?|doubles|tripled?|quadrupled?|two-thirds|one-third)\b/i

const NUMBER = /(?<![\d.,])([-−–]?)(\d[\d,]*(?:\.\d+)?)\s?(%|per\s?cent\b|(?:k|thousand|m|million|bn|b|billion)\b)?/giu

/**
 * The first number of a text that is not in the result, as written or rounded; undefined when all are. Names of the result
 * that hold digits are looked at first, so that "Boeing 737" is a name and not a number. `allowed` are further texts whose
 * numbers may be repeated.
 */
export function findForeignNumber(
  text: string,
  result: ShownResult,
  allowed: readonly string[] = [],
): string | undefined {
  const rest = withoutNames(text, result)
  const word = NUMBER_WORDS.exec(rest)
  const values = result.rows.flatMap((row) => row.map((cell, i) => ({ cell, column: result.columns[i] as Column })))
  const repeated = allowed.map((source) => new Set(numbersOf(source).map(({ value }) => value)))
  for (const match of rest.matchAll(NUMBER)) {
    const written = parse(match)
    if (!written) return match[0]
    const mayRepeat = repeated.length > 0 && repeated.every((numbers) => numbers.has(written.value))
    if (!mayRepeat && !values.some(({ cell, column }) => says(written, cell, column))) return match[0].trim()
  }
  // "1.3 million" was read as a number above; what is left is a number in words only.
  return word && !new RegExp(`\\d\\s?${word[0]}`, 'i').test(rest) ? word[0] : undefined
}

/** The text without the strings, dates and labels of the result, longest first. */
function withoutNames(text: string, { columns, rows }: ShownResult): string {
  const names = new Set<string>(columns.flatMap((column) => [column.label, column.name]))
  for (const row of rows) {
    row.forEach((cell, i) => {
      if (typeof cell !== 'string') return
      names.add(cell)
      names.add(formatCell(cell, columns[i] as Column))
    })
  }
  const ordered = [...names].filter((name) => /[\d\p{L}]/u.test(name)).sort((a, b) => b.length - a.length)
  let rest = text
  for (const name of ordered) {
    const bounded = new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(name)}(?![\\p{L}\\p{N}])`, 'giu')
    rest = rest.replace(bounded, ' ')
  }
  return rest
}

function numbersOf(text: string): Written[] {
  return [...text.matchAll(NUMBER)].map(parse).filter((written) => written !== undefined)
}

function parse(match: RegExpMatchArray): Written | undefined {
  const [, sign = '', digits = '', suffix = ''] = match
  const plain = digits.replace(/,$/, '')
  // 1,5 or 12,34 is no way to write a number in English: not to be guessed at.
  if (plain.includes(',') && !/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) return undefined
  const scale = SCALES[suffix.toLowerCase()] ?? 1
  const decimals = plain.split('.')[1]?.length ?? 0
  return {
    value: Number(plain.replaceAll(',', '')) * scale * (sign ? -1 : 1),
    step: scale * 10 ** -decimals,
    percent: suffix === '%' || /^per/i.test(suffix),
  }
}

/** Whether the number is this value, rounded to the digits that were written. */
function says(written: Written, cell: Cell, column: Column): boolean {
  const value =
    typeof cell === 'number' ? cell : Number(typeof cell === 'string' && cell.trim() !== '' ? cell : Number.NaN)
  if (!Number.isFinite(value)) return false
  const ratio = column.format === 'ratio'
  const shown = ratio && written.percent ? value * 100 : value
  if (ratio !== written.percent && written.percent && column.unit !== '%' && column.unit !== 'percent') return false
  // "5 minutes early" for −5; but never −5 for 5.
  const candidates = written.value < 0 ? [shown] : [shown, Math.abs(shown)]
  return candidates.some((candidate) => {
    const distance = Math.abs(candidate - written.value)
    if (distance === 0) return true
    // Half a step, with room for the last bit of a double; and never so coarse that 0.4 becomes 0.
    return distance <= written.step / 2 + Math.abs(candidate) * 1e-9 && distance <= Math.abs(candidate) * 0.05
  })
}
