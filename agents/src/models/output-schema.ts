import { z } from 'zod'

type Schema = Readonly<Record<string, unknown>>

/**
 * JSON schema of a zod schema in the dialect that the structured outputs of both vendors share: closed objects, `anyOf`
 * in place of `oneOf`, no `$schema`, no defaults, and without the ±2^53 bounds that zod puts on every integer.
 */
export function outputSchema(schema: z.ZodType): Schema {
  return tidy(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })) as Schema
}

function tidy(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(tidy)
  if (typeof node !== 'object' || node === null) return node
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) {
    if (key === '$schema' || key === 'default') continue
    if ((key === 'minimum' || key === 'maximum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER) continue
    // The values of `properties` and `$defs` are schemas under names a person chose, such as "default".
    if ((key === 'properties' || key === '$defs') && typeof value === 'object' && value !== null) {
      result[key] = Object.fromEntries(Object.entries(value).map(([name, child]) => [name, tidy(child)]))
    } else if (key === 'enum' || key === 'const') result[key] = value
    else result[key === 'oneOf' ? 'anyOf' : key] = tidy(value)
  }
  if (result.type === 'object' && result.properties) result.additionalProperties = false
  return result
}

/** True when every property of every object is required: what OpenAI's strict mode wants. */
export function isStrict(node: unknown): boolean {
  if (Array.isArray(node)) return node.every(isStrict)
  if (typeof node !== 'object' || node === null) return true
  const { type, properties, required, additionalProperties } = node as Record<string, unknown>
  if (type === 'object') {
    if (additionalProperties !== false) return false
    const names = Object.keys((properties ?? {}) as object)
    if (!names.every((name) => Array.isArray(required) && required.includes(name))) return false
  }
  return Object.values(node).every(isStrict)
}

/** Asks for the JSON in words, for a server that does not take the schema itself. */
export function schemaInstruction(schema: Schema): string {
  return `Answer with one JSON value only: no prose, no code fence. It must fulfil this JSON schema:\n${JSON.stringify(schema)}`
}
