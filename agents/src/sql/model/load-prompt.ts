import { readFileSync } from 'node:fs'

export interface Prompt {
  /** `draft@1`: name and version, for traces and receipts. */
  readonly id: string
  readonly text: string
}

/** Reads `prompts/NAME.md`, whose first line is its version. */
export function loadPrompt(name: string): Prompt {
  const source = readFileSync(new URL(`./prompts/${name}.md`, import.meta.url), 'utf8')
  const match = /^version: (\d+)\n([\s\S]+)$/.exec(source)
  if (!match) throw new Error(`The prompt ${name}.md must begin with a line such as \`version: 1\``)
  return { id: `${name}@${match[1]}`, text: (match[2] as string).trim() }
}
