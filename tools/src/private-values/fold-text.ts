/** A text as values are compared: without case, accents, white space and punctuation. */
export interface FoldedText {
  readonly text: string
  /** For each unit of `text`: where the character it comes from begins and ends in the original. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** Letters that no decomposition of Unicode takes apart. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  ς: 'σ',
}
const MARKS = /\p{M}/gu
const KEPT = /^[\p{L}\p{N}]$/u

/** `Anna  MÜLLER` is `annamuller`. */
export function foldText(original: string): FoldedText {
  let text = ''
  const starts: number[] = []
  const ends: number[] = []
  let at = 0
  for (const char of original) {
    const end = at + char.length
    const folded = foldChar(char)
    for (let i = 0; i < folded.length; i++) {
      starts.push(at)
      ends.push(end)
    }
    text += folded
    // A mark belongs to the letter before it.
    if (folded === '' && ends.length > 0 && ends.at(-1) === at && char.match(MARKS)) ends[ends.length - 1] = end
    at = end
  }
  return { text, starts, ends }
}

function foldChar(char: string): string {
  if (char < '\u0080') return /[a-z0-9]/i.test(char) ? char.toLowerCase() : ''
  let folded = ''
  for (const part of char.normalize('NFKD').toLowerCase().normalize('NFKD').replace(MARKS, '')) {
    folded += PLAIN[part] ?? (KEPT.test(part) ? part : '')
  }
  return folded
}

const UMLAUTS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' }

/** The ways in which a value may be written: `Müller`, and `Mueller` where there is no ü. */
export function foldings(value: string): string[] {
  const plain = foldText(value).text
  const spelled = foldText(
    value
      .normalize('NFC')
      .toLowerCase()
      .replace(/[äöüåø]/g, (char) => UMLAUTS[char] ?? char),
  ).text
  return plain === spelled ? [plain] : [plain, spelled]
}
