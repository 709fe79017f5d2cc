import type { WireRequest } from './wire.ts'

/**
 * Tokens of a text, guessed from above. English prose and SQL come to 3.5–4.5 ASCII characters a token; outside of ASCII
 * a character costs between half a token and two. The true count arrives with the reply and replaces the guess.
 */
export function estimateTokens(text: string): number {
  let other = 0
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) other++
  return Math.ceil((text.length - other) / 3.5 + other * 1.5)
}

/** Tokens of everything a request sends. */
export function estimateInput(request: WireRequest): number {
  const parts: string[] = request.system.map((block) => block.text)
  for (const message of request.messages) {
    if (message.role === 'tool') parts.push(...message.results.map((result) => result.content))
    else parts.push(message.text)
    if (message.role === 'assistant' && message.toolCalls) parts.push(JSON.stringify(message.toolCalls))
  }
  for (const tool of request.tools ?? []) parts.push(tool.name, tool.description, JSON.stringify(tool.inputSchema))
  if (request.output) parts.push(JSON.stringify(request.output.jsonSchema))
  return estimateTokens(parts.join('\n')) + 4 * request.messages.length
}
