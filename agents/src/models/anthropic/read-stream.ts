import type Anthropic from '@anthropic-ai/sdk'
import type { StopReason, Usage } from '../port.ts'
import { NO_USAGE } from '../usage.ts'
import type { WireReply, WireToolCall } from '../wire.ts'
import type { AnthropicTurn } from './request.ts'

interface Listeners {
  onText(delta: string): void
  onUsage(usage: Usage): void
}

type Block =
  | { type: 'text'; text: string }
  | { type: 'tool'; id: string; name: string; json: string }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted'; data: string }

/** Puts the events of one message together. Undefined when the stream ended before `message_stop`: it was cut. */
export async function readAnthropicStream(
  events: AsyncIterable<Anthropic.RawMessageStreamEvent>,
  { onText, onUsage }: Listeners,
): Promise<WireReply | undefined> {
  const blocks = new Map<number, Block>()
  let usage = NO_USAGE
  let model = ''
  let stop: Anthropic.StopReason | null = null
  let whole = false
  const report = (next: Usage) => {
    usage = next
    onUsage(next)
  }

  for await (const event of events) {
    switch (event.type) {
      case 'message_start':
        model = event.message.model
        report(readUsage(event.message.usage, usage))
        break
      case 'content_block_start': {
        const block = openBlock(event.content_block)
        if (block) blocks.set(event.index, block)
        if (block?.type === 'text') onText(block.text)
        break
      }
      case 'content_block_delta':
        append(blocks.get(event.index), event.delta, onText)
        break
      case 'message_delta':
        stop = event.delta.stop_reason ?? stop
        report(readUsage(event.usage, usage))
        break
      case 'message_stop':
        whole = true
        break
    }
  }
  if (!whole) return undefined
  const ordered = [...blocks.entries()].sort(([a], [b]) => a - b).map(([, block]) => block)
  const opaque = turnOf(ordered)
  return {
    text: ordered.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    toolCalls: ordered.flatMap((block): WireToolCall[] =>
      block.type === 'tool' ? [{ id: block.id, name: block.name, json: block.json }] : [],
    ),
    usage,
    stopReason: readStop(stop),
    model,
    ...(opaque ? { opaque } : {}),
  }
}

function openBlock(block: Anthropic.RawContentBlockStartEvent['content_block']): Block | undefined {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text }
    case 'tool_use':
      return { type: 'tool', id: block.id, name: block.name, json: '' }
    case 'thinking':
      return { type: 'thinking', thinking: block.thinking, signature: block.signature }
    case 'redacted_thinking':
      return { type: 'redacted', data: block.data }
    default:
      // Blocks of server-side tools, none of which is ever asked for.
      return undefined
  }
}

function append(block: Block | undefined, delta: Anthropic.RawContentBlockDelta, onText: (text: string) => void): void {
  if (delta.type === 'text_delta' && block?.type === 'text') {
    block.text += delta.text
    onText(delta.text)
  } else if (delta.type === 'input_json_delta' && block?.type === 'tool') block.json += delta.partial_json
  else if (delta.type === 'thinking_delta' && block?.type === 'thinking') block.thinking += delta.thinking
  else if (delta.type === 'signature_delta' && block?.type === 'thinking') block.signature += delta.signature
}

/** Counts are cumulative: what an event leaves out stays as it was. */
function readUsage(usage: Anthropic.Usage | Anthropic.MessageDeltaUsage, before: Usage): Usage {
  return {
    inputTokens: usage.input_tokens ?? before.inputTokens,
    outputTokens: usage.output_tokens ?? before.outputTokens,
    cacheReadTokens: usage.cache_read_input_tokens ?? before.cacheReadTokens,
    cacheWriteTokens: usage.cache_creation_input_tokens ?? before.cacheWriteTokens,
  }
}

function readStop(reason: Anthropic.StopReason | null): StopReason {
  if (reason === 'tool_use') return 'tools'
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length'
  if (reason === 'refusal') return 'refused'
  return 'end'
}

/** A turn that thought before it called tools has to come back with its thinking, or the API refuses the tool results. */
function turnOf(blocks: readonly Block[]): AnthropicTurn | undefined {
  if (!blocks.some((block) => block.type === 'thinking' || block.type === 'redacted')) return undefined
  const content: Anthropic.ContentBlockParam[] = []
  for (const block of blocks) {
    if (block.type === 'thinking') content.push({ ...block, type: 'thinking' })
    else if (block.type === 'redacted') content.push({ type: 'redacted_thinking', data: block.data })
    else if (block.type === 'tool') {
      try {
        content.push({ type: 'tool_use', id: block.id, name: block.name, input: JSON.parse(block.json || '{}') })
      } catch {
        // Input that is not JSON is repaired in a turn of its own; this one is never sent back.
        return undefined
      }
    } else if (block.text !== '') content.push({ type: 'text', text: block.text })
  }
  return { vendor: 'anthropic', content }
}
