import { AppError } from '@plumbline/tools/errors'
import { type AttemptSettings, type Attempts, runAttempts } from './attempts.ts'
import { outputSchema } from './output-schema.ts'
import type { ChatModel, CompleteOptions, ModelReply, ModelRequest } from './port.ts'
import { findPrice, type PriceTable } from './prices.ts'
import { readReply, repairRequest } from './read-reply.ts'
import { addUsage } from './usage.ts'
import type { Wire, WireRequest } from './wire.ts'

export interface ChatModelSettings extends AttemptSettings {
  readonly prices: PriceTable
}

/** The port over any adapter: retries, budget, validation with one repair, and the bill. */
export function createChatModel(wire: Wire, settings: ChatModelSettings): ChatModel {
  const id = `${wire.vendor}:${wire.model}`
  const price = findPrice(settings.prices, id)

  async function complete(request: ModelRequest, options: CompleteOptions = {}): Promise<ModelReply> {
    if (options.signal?.aborted) throw new AppError('QUERY_CANCELLED', 'Stopped.')
    const start = settings.clock.now()
    const call = { wire, settings, options, price, deadline: start + settings.policy.deadlineMs }
    const wireRequest = toWireRequest(request)

    const first = await runAttempts(call, wireRequest, '')
    let last = first
    let reading = readReply(request, first.reply)
    if (!reading.ok) {
      last = await runAttempts(call, repairRequest(wireRequest, first.reply, reading.fault), first.reply.text)
      reading = readReply(request, last.reply)
    }
    if (!reading.ok) {
      throw new AppError(
        'MODEL_OUTPUT_INVALID',
        `The model \`${wire.model}\` twice wrote an answer that can not be read. Ask again, or use another model.`,
        { data: { model: wire.model, fault: reading.fault } },
      )
    }

    const parts: Attempts[] = last === first ? [first] : [first, last]
    // Of a structured answer only the corrected JSON is the text; words around tool calls add up, as they were streamed.
    const text = request.output ? last.reply.text : parts.map((part) => part.reply.text).join('')
    const { stopReason, model, opaque } = last.reply
    return {
      text,
      toolCalls: reading.toolCalls,
      ...('output' in reading ? { output: reading.output } : {}),
      usage: parts.map((part) => part.usage).reduce(addUsage),
      costUsd: parts.reduce((usd, part) => usd + part.costUsd, 0),
      priced: price !== undefined,
      stopReason: reading.toolCalls.length > 0 ? 'tools' : stopReason,
      ms: settings.clock.now() - start,
      model,
      attempts: parts.reduce((count, part) => count + part.count, 0),
      ...(opaque === undefined ? {} : { opaque }),
    }
  }
  return Object.freeze({ id, complete })
}

function toWireRequest({ output, ...rest }: ModelRequest): WireRequest {
  return output ? { ...rest, output: { name: output.name, jsonSchema: outputSchema(output.schema) } } : rest
}
