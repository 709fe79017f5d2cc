import type OpenAI from 'openai'
import { isStrict, schemaInstruction } from '../output-schema.ts'
import type { ModelMessage } from '../port.ts'
import type { WireRequest } from '../wire.ts'

/** The schema itself, JSON without a schema, or the schema in words: what older and smaller servers take. */
export type OutputMode = 'schema' | 'json' | 'words'

/** What a server was found not to take. */
export interface Quirks {
  /** `max_tokens` in place of `max_completion_tokens`. */
  oldMaxTokens: boolean
  /** The name of the limit was changed once already. */
  limitSettled: boolean
  noStreamOptions: boolean
}

type Body = OpenAI.ChatCompletionCreateParamsStreaming

/** The body of `POST /chat/completions`, with nothing in it that a compatible server need not know. */
export function openAiBody(model: string, request: WireRequest, mode: OutputMode, quirks: Quirks): Body {
  const { output, tools, maxTokens } = request
  const system = request.system.map((block) => block.text).filter((text) => text.trim() !== '')
  if (output && mode !== 'schema') system.push(schemaInstruction(output.jsonSchema))
  const messages: OpenAI.ChatCompletionMessageParam[] = request.messages.flatMap(toMessages)
  // Prefix caching is automatic; the blocks that repeat stand first.
  if (system.length > 0) messages.unshift({ role: 'system', content: system.join('\n\n') })
  return {
    model,
    messages,
    stream: true,
    ...(quirks.noStreamOptions ? {} : { stream_options: { include_usage: true } }),
    ...(quirks.oldMaxTokens ? { max_tokens: maxTokens } : { max_completion_tokens: maxTokens }),
    ...(tools && tools.length > 0
      ? {
          tools: tools.map(({ name, description, inputSchema }) => ({
            type: 'function' as const,
            function: { name, description, parameters: { ...inputSchema } },
          })),
        }
      : {}),
    ...responseFormat(output, mode),
  }
}

function responseFormat(output: WireRequest['output'], mode: OutputMode): Pick<Body, 'response_format'> {
  if (!output || mode === 'words') return {}
  if (mode === 'json') return { response_format: { type: 'json_object' } }
  const { name, jsonSchema } = output
  return {
    response_format: {
      type: 'json_schema',
      json_schema: { name, schema: { ...jsonSchema }, strict: isStrict(jsonSchema) },
    },
  }
}

function toMessages(message: ModelMessage): OpenAI.ChatCompletionMessageParam[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.text }]
    case 'tool':
      return message.results.map((result) => ({
        role: 'tool',
        tool_call_id: result.id,
        // The wire has no flag for a failed call.
        content: result.isError ? `The call failed: ${result.content}` : result.content,
      }))
    case 'assistant': {
      const calls = message.toolCalls ?? []
      if (calls.length === 0) return [{ role: 'assistant', content: message.text }]
      return [
        {
          role: 'assistant',
          content: message.text === '' ? null : message.text,
          tool_calls: calls.map(({ id, name, input }) => ({
            id,
            type: 'function',
            function: { name, arguments: JSON.stringify(input) },
          })),
        },
      ]
    }
  }
}
