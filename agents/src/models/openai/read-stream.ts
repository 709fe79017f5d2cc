import type OpenAI from 'openai'
import type { StopReason, Usage } from '../port.ts'
import type { WireReply } from '../wire.ts'

interface Listeners {
  onText(delta: string): void
  onUsage(usage: Usage): void
  /** What to bill when the server never says: not every compatible server does. */
  estimate(written: string): Usage
}

interface Call {
  index: number | undefined
  id: string
  name: string
  json: string
}

/** Puts the chunks of one completion together. Undefined when the stream ended without a finish reason: it was cut. */
export async function readOpenAiStream(
  chunks: AsyncIterable<OpenAI.ChatCompletionChunk>,
  { onText, onUsage, estimate }: Listeners,
): Promise<WireReply | undefined> {
  const calls: Call[] = []
  let text = ''
  let refusal = ''
  let model = ''
  let finish: string | null = null
  let usage: Usage | undefined
  let written = ''
  try {
    for await (const chunk of chunks) {
      model ||= chunk.model ?? ''
      if (chunk.usage) usage = readUsage(chunk.usage)
      const choice = chunk.choices?.[0]
      if (!choice) continue
      finish = choice.finish_reason ?? finish
      const delta = choice.delta
      if (delta?.content) {
        text += delta.content
        written += delta.content
        onText(delta.content)
      }
      if (delta?.refusal) refusal += delta.refusal
      for (const part of delta?.tool_calls ?? []) written += appendCall(calls, part)
    }
  } finally {
    onUsage(usage ?? estimate(written))
  }
  if (finish === null) return undefined
  return {
    text: text || refusal,
    toolCalls: calls.map(({ name, json, id }, index) => ({ id: id || `call_${index + 1}`, name, json })),
    usage: usage ?? estimate(written),
    stopReason: refusal ? 'refused' : readStop(finish),
    model,
  }
}

/**
 * Adds a piece of a tool call and returns its text. Pieces belong together by `index`; some compatible servers send every
 * call whole under index 0, or without an index, so a new id begins a new call.
 */
function appendCall(calls: Call[], part: OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall): string {
  const { index, id } = part as Partial<typeof part>
  let call = index === undefined ? calls.at(-1) : calls.findLast((known) => known.index === index)
  if (!call || (id && call.id && id !== call.id)) {
    call = { index, id: '', name: '', json: '' }
    calls.push(call)
  }
  call.id ||= id ?? ''
  call.name ||= part.function?.name ?? ''
  const json = part.function?.arguments ?? ''
  call.json += json
  return json
}

/** `prompt_tokens` counts the cached ones too. */
function readUsage(usage: OpenAI.CompletionUsage): Usage {
  const cacheReadTokens = usage.prompt_tokens_details?.cached_tokens ?? 0
  const cacheWriteTokens = usage.prompt_tokens_details?.cache_write_tokens ?? 0
  return {
    inputTokens: Math.max(0, usage.prompt_tokens - cacheReadTokens - cacheWriteTokens),
    outputTokens: usage.completion_tokens ?? 0,
    cacheReadTokens,
    cacheWriteTokens,
  }
}

function readStop(reason: string): StopReason {
  if (reason === 'tool_calls' || reason === 'function_call') return 'tools'
  if (reason === 'length') return 'length'
  if (reason === 'content_filter') return 'refused'
  return 'end'
}
