import { stem } from './stem.ts'

/** The words of a text, in lower case, as the lexer would cut them. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll(/['’]s(?![\p{L}])/gu, '')
    .replaceAll(/['’]/g, '')
    .split(/[^\p{L}\p{N}%&.]+/u)
    .map((word) => word.replaceAll(/^[.&]+|[.&]+$/g, ''))
    .filter((word) => word !== '')
}

export const exactKey = (text: string): string => wordsOf(text).join(' ')

export const stemKey = (text: string): string => wordsOf(text).map(stem).join(' ')
