import type Anthropic from '@anthropic-ai/sdk'
import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema'
import { schemaInstruction } from '../output-schema.ts'
import type { ModelMessage } from '../port.ts'
import type { WireRequest } from '../wire.ts'

/** The Messages API's own JSON mode, or the schema in words. */
export type OutputMode = 'schema' | 'words'

/** What `opaque` of a reply holds: all blocks of a turn that thought, signatures included, in their order. */
export interface AnthropicTurn {
  readonly vendor: 'anthropic'
  readonly content: Anthropic.ContentBlockParam[]
}

/** The body of `POST /v1/messages`. No temperature, top_p or top_k: this version of the API refuses them. */
export function anthropicBody(
  model: string,
  request: WireRequest,
  mode: OutputMode,
): Anthropic.MessageCreateParamsStreaming {
  const { output, tools } = request
  const system = request.system
    .filter((block) => block.text.trim() !== '')
    .map(
      (block): Anthropic.TextBlockParam => ({
        type: 'text',
        text: block.text,
        ...(block.cache ? { cache_control: { type: 'ephemeral' } } : {}),
      }),
    )
  if (output && mode === 'words') system.push({ type: 'text', text: schemaInstruction(output.jsonSchema) })
  return {
    model,
    max_tokens: request.maxTokens,
    stream: true,
    ...(system.length > 0 ? { system } : {}),
    messages: request.messages.map(toMessage),
    ...(tools && tools.length > 0
      ? {
          tools: tools.map(({ name, description, inputSchema }) => ({
            name,
            description,
            input_schema: { ...inputSchema, type: 'object' as const },
          })),
        }
      : {}),
    ...(output && mode === 'schema'
      ? {
          output_config: {
            format: { type: 'json_schema' as const, schema: { ...transformJSONSchema({ ...output.jsonSchema }) } },
          },
        }
      : {}),
  }
}

function toMessage(message: ModelMessage): Anthropic.MessageParam {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: [{ type: 'text', text: message.text }] }
    case 'tool':
      return {
        role: 'user',
        content: message.results.map((result) => ({
          type: 'tool_result',
          tool_use_id: result.id,
          content: result.content,
          ...(result.isError ? { is_error: true } : {}),
        })),
      }
    case 'assistant': {
      if (isAnthropicTurn(message.opaque)) return { role: 'assistant', content: message.opaque.content }
      const content: Anthropic.ContentBlockParam[] = []
      // The API refuses an empty text block.
      if (message.text.trim() !== '') content.push({ type: 'text', text: message.text })
      for (const { id, name, input } of message.toolCalls ?? []) content.push({ type: 'tool_use', id, name, input })
      return { role: 'assistant', content }
    }
  }
}

function isAnthropicTurn(value: unknown): value is AnthropicTurn {
  return typeof value === 'object' && value !== null && (value as Partial<AnthropicTurn>).vendor === 'anthropic'
}
