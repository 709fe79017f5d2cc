import type { Telemetry } from '@plumbline/tools/telemetry'
import type { ChatModel } from './port.ts'

/** The same model, each of its calls a generation of the running trace with its tokens and cost. */
export function traceModel(model: ChatModel, telemetry: Telemetry): ChatModel {
  if (!telemetry.enabled) return model
  return Object.freeze({
    id: model.id,
    complete: (request, options) => {
      const { system, messages } = request
      const info = { model: model.id, input: { system: system.map((block) => block.text), messages } }
      return telemetry.generation(request.output?.name ?? 'complete', info, async (generation) => {
        const reply = await model.complete(request, options)
        generation.update({
          model: reply.model,
          output: reply.output ?? (reply.toolCalls.length > 0 ? reply.toolCalls : reply.text),
          usage: reply.usage,
          // An unknown price is no price of 0: Langfuse then takes its own.
          ...(reply.priced ? { costUsd: reply.costUsd } : {}),
          metadata: { attempts: reply.attempts, stopReason: reply.stopReason },
        })
        return reply
      })
    },
  } satisfies ChatModel)
}
