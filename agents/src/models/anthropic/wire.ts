import Anthropic from '@anthropic-ai/sdk'
import { Stream } from '@anthropic-ai/sdk/core/streaming'
import { OutputModes } from '../output-modes.ts'
import { type VendorNames, vendorFailure } from '../vendor-failure.ts'
import { watchBody } from '../watch-body.ts'
import type { Wire, WireContext, WireReply, WireRequest } from '../wire.ts'
import { isSchemaRefusal, translateAnthropicError } from './errors.ts'
import { readAnthropicStream } from './read-stream.ts'
import { anthropicBody, type OutputMode } from './request.ts'

export interface AnthropicSettings {
  readonly apiKey: string
  /** Without it the SDK's own: `ANTHROPIC_BASE_URL`, else api.anthropic.com. */
  readonly baseUrl?: string | undefined
}

/** The adapter on `@anthropic-ai/sdk`. */
export function createAnthropicWire(model: string, settings: AnthropicSettings): Wire {
  const client = new Anthropic({
    apiKey: settings.apiKey,
    ...(settings.baseUrl ? { baseURL: settings.baseUrl } : {}),
    // One policy retries for all vendors, and it knows the budget and the deadline.
    maxRetries: 0,
    // Key, question and schema are for this address alone, whatever it answers.
    fetchOptions: { redirect: 'error' },
    // The SDK logs faulty events in full, answers included.
    logLevel: 'off',
    openTelemetry: false,
  })
  const names: VendorNames = { vendor: 'Anthropic', model, keyEnv: 'ANTHROPIC_API_KEY', secret: settings.apiKey }
  const modes = new OutputModes<OutputMode>(['schema', 'words'])

  async function sendAs(mode: OutputMode, request: WireRequest, context: WireContext): Promise<WireReply> {
    const controller = new AbortController()
    const signal = context.signal ? AbortSignal.any([context.signal, controller.signal]) : controller.signal
    try {
      const response = await client.messages
        .create(anthropicBody(model, request, mode), { signal, timeout: Math.max(1, Math.ceil(context.firstByteMs)) })
        .asResponse()
      const watched = watchBody(response, {
        ...context,
        cut: (reason, cause) => vendorFailure(reason === 'late' ? 'no-answer' : 'cut', names, { cause }),
      })
      const events = Stream.fromSSEResponse<Anthropic.RawMessageStreamEvent>(watched, controller, client)
      const reply = await readAnthropicStream(events, context)
      if (!reply) throw vendorFailure('cut', names)
      return reply
    } finally {
      // Frees the socket of a stream that was not read to its end.
      controller.abort()
    }
  }

  return Object.freeze({
    vendor: 'anthropic',
    model,
    async send(request: WireRequest, context: WireContext) {
      try {
        if (!request.output) return await sendAs('schema', request, context)
        return await modes.run(request.output.name, (mode) => sendAs(mode, request, context), isSchemaRefusal)
      } catch (error) {
        throw translateAnthropicError(error, names, context.signal)
      }
    },
  })
}
