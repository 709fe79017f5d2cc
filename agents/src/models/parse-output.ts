import { z } from 'zod'

export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: string }

/** Reads the JSON a model wrote and checks it; a fault is worded so that the model can mend it. */
export function parseOutput(text: string, schema: z.ZodType): Parsed {
  let json: unknown
  try {
    json = JSON.parse(unwrap(text))
  } catch (error) {
    return { ok: false, fault: `it is not valid JSON (${(error as Error).message.slice(0, 200)})` }
  }
  const result = schema.safeParse(json)
  if (result.success) return { ok: true, value: result.data }
  return { ok: false, fault: `it does not fulfil the schema:\n${z.prettifyError(result.error).slice(0, 1500)}` }
}

/** Servers without a JSON mode wrap the value in a fence or a sentence. */
function unwrap(text: string): string {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)```/.exec(text)
  if (fenced?.[1] !== undefined) return fenced[1]
  const trimmed = text.trim()
  if (/^[[{"]/.test(trimmed)) return trimmed
  const start = trimmed.indexOf('{')
  const end = trimmed.lastIndexOf('}')
  return start >= 0 && end > start ? trimmed.slice(start, end + 1) : trimmed
}

/** Reads the input of a tool call, which must be an object. A tool without parameters may be called with no text. */
export function parseToolInput(json: string): Parsed {
  if (json.trim() === '') return { ok: true, value: {} }
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ok: true, value }
    return { ok: false, fault: 'its input is not a JSON object' }
  } catch (error) {
    return { ok: false, fault: `its input is not valid JSON (${(error as Error).message.slice(0, 200)})` }
  }
}
