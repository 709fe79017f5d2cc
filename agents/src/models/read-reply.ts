import { AppError } from '@plumbline/tools/errors'
import { parseOutput, parseToolInput } from './parse-output.ts'
import type { ModelRequest, ToolCall } from './port.ts'
import type { WireReply, WireRequest } from './wire.ts'

export type Reading =
  | { readonly ok: true; readonly toolCalls: readonly ToolCall[]; readonly output?: unknown }
  | { readonly ok: false; readonly fault: string }

/**
 * Checks what a model wrote: the input of each tool call is a JSON object for a tool that exists, and a structured answer
 * fulfils its schema. Throws MODEL_OUTPUT_INVALID for JSON that was cut by `maxTokens`: asking again would cut it again.
 */
export function readReply(request: ModelRequest, reply: WireReply): Reading {
  if (reply.stopReason === 'refused') return { ok: true, toolCalls: [] }
  const toolCalls: ToolCall[] = []
  for (const { id, name, json } of reply.toolCalls) {
    const known = (request.tools ?? []).map((tool) => tool.name)
    if (!known.includes(name)) {
      return { ok: false, fault: `There is no tool \`${name}\`. The tools are: ${known.join(', ') || 'none'}.` }
    }
    // No text means no parameters, but not when the model ran out of tokens before it could write them.
    if (json.trim() === '') refuseCut(request, reply)
    const input = parseToolInput(json)
    if (!input.ok) {
      refuseCut(request, reply)
      return {
        ok: false,
        fault: `Your call of the tool \`${name}\` can not be used: ${input.fault}. Call it again with one complete JSON object.`,
      }
    }
    toolCalls.push({ id, name, input: input.value })
  }
  // A request may offer tools and ask for a structured answer in the end: a turn of tool calls has none yet.
  if (!request.output || toolCalls.length > 0) return { ok: true, toolCalls }
  const output = parseOutput(reply.text, request.output.schema)
  if (output.ok) return { ok: true, toolCalls, output: output.value }
  refuseCut(request, reply)
  return {
    ok: false,
    fault: `Your answer can not be used: ${output.fault}\nAnswer again with the corrected JSON value only.`,
  }
}

function refuseCut(request: ModelRequest, reply: WireReply): void {
  if (reply.stopReason !== 'length') return
  throw new AppError(
    'MODEL_OUTPUT_INVALID',
    `The model \`${reply.model}\` needed more than the ${request.maxTokens} tokens it may write. Ask something narrower.`,
    { data: { model: reply.model, maxTokens: request.maxTokens } },
  )
}

/** The request that shows a model its faulty turn and says what was wrong with it. */
export function repairRequest(request: WireRequest, reply: WireReply, fault: string): WireRequest {
  const calls = reply.toolCalls.map((call) => `[called \`${call.name}\` with: ${call.json.slice(0, 2000)}]`)
  const turn = [reply.text.slice(0, 8000), ...calls].filter((part) => part.trim() !== '').join('\n')
  return {
    ...request,
    messages: [
      ...request.messages,
      // As words, not as a tool call: vendors refuse a history whose tool input is not JSON.
      { role: 'assistant', text: turn || '[empty answer]' },
      { role: 'user', text: fault },
    ],
  }
}
