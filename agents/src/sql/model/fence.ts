import { createHash } from 'node:crypto'

/**
 * Puts text that others wrote between marks that it can not close: their name is derived from the text itself, so a text
 * would have to hold its own hash. Derived and not random, so that the same text is the same prompt and can be cached.
 */
export function fence(label: string, text: string): string {
  const clean = stripInvisible(text)
  const mark = createHash('sha256').update(label).update(clean).digest('hex').slice(0, 12)
  return `<untrusted ${label} ${mark}>\n${clean}\n</untrusted ${mark}>`
}

/** Without control, zero-width, bidirectional and tag characters: a person who checks the prompt would not see them. */
function stripInvisible(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, '')
}
