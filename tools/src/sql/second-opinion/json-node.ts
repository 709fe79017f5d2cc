/** An object of a syntax tree that came as JSON. */
export type JsonNode = { readonly [key: string]: unknown }

export function isNode(value: unknown): value is JsonNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text under `key`, when there is one. */
export function textAt(node: JsonNode, key: string): string | undefined {
  const value = node[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The objects under `key`, which may be absent. */
export function nodesAt(node: JsonNode, key: string): readonly JsonNode[] {
  const value = node[key]
  return Array.isArray(value) ? value.filter(isNode) : []
}
