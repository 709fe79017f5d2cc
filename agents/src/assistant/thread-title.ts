const MAX_CHARS = 80

/** The name of a new thread: its first question, cut at a word. */
export function threadTitle(question: string): string {
  const line = question.replace(/\s+/g, ' ').trim()
  if (line.length <= MAX_CHARS) return line
  const cut = line.slice(0, MAX_CHARS)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_CHARS / 2))}…`
}
