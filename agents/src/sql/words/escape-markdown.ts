/** Data as text inside CommonMark: no value can become markup, a link or a heading. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()<>#+!|~&]/g, (char) => `\\${char}`).replace(/\s+/g, ' ')
}
