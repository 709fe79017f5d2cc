/** Colour only for a person at a terminal (no-color.org). */
export interface Style {
  readonly width: number
  bold(text: string): string
  dim(text: string): string
  accent(text: string): string
}

export function makeStyle(options: { colour: boolean; width: number }): Style {
  const paint = (code: number) => (text: string) => (options.colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  return { width: options.width, bold: paint(1), dim: paint(2), accent: paint(36) }
}

export function terminalStyle(stream: NodeJS.WriteStream = process.stdout): Style {
  const colour = Boolean(stream.isTTY) && !process.env.NO_COLOR
  return makeStyle({ colour, width: Math.min(stream.columns ?? 100, 120) })
}

/** Data as text at a terminal: no control character of a value reaches it. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => (char === '\n' ? ' ' : ''))
}
