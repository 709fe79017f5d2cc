import OpenAI from 'openai'
import { Stream } from 'openai/core/streaming'
import { estimateInput, estimateTokens } from '../estimate-tokens.ts'
import { OutputModes } from '../output-modes.ts'
import { NO_USAGE } from '../usage.ts'
import { type VendorNames, vendorFailure } from '../vendor-failure.ts'
import { watchBody } from '../watch-body.ts'
import type { Wire, WireContext, WireReply, WireRequest } from '../wire.ts'
import { isParameterRefusal, refuses, translateOpenAiError } from './errors.ts'
import { readOpenAiStream } from './read-stream.ts'
import { type OutputMode, openAiBody, type Quirks } from './request.ts'

export interface OpenAiSettings {
  /** A local server may want none. */
  readonly apiKey: string | undefined
  /** A compatible server, `/v1` included; without it api.openai.com. */
  readonly baseUrl?: string | undefined
}

/** The adapter on `openai`, for OpenAI and every server that speaks chat completions. */
export function createOpenAiWire(model: string, settings: OpenAiSettings): Wire {
  const client = new OpenAI({
    apiKey: settings.apiKey ?? 'none',
    baseURL: settings.baseUrl ?? 'https://api.openai.com/v1',
    // One policy retries for all vendors, and it knows the budget and the deadline.
    maxRetries: 0,
    // Key, question and schema are for this address alone, whatever it answers.
    fetchOptions: { redirect: 'error' },
    logLevel: 'off',
  })
  const names: VendorNames = {
    vendor: settings.baseUrl ? `The model server at ${new URL(settings.baseUrl).host}` : 'OpenAI',
    model,
    keyEnv: 'OPENAI_API_KEY',
    secret: settings.apiKey ?? '',
  }
  const modes = new OutputModes<OutputMode>(['schema', 'json', 'words'])
  // Compatible servers know the older name of the limit; OpenAI's newer models only the newer one.
  const quirks: Quirks = {
    oldMaxTokens: settings.baseUrl !== undefined,
    limitSettled: false,
    noStreamOptions: false,
  }

  async function sendAs(mode: OutputMode, request: WireRequest, context: WireContext): Promise<WireReply> {
    const controller = new AbortController()
    const signal = context.signal ? AbortSignal.any([context.signal, controller.signal]) : controller.signal
    try {
      const response = await client.chat.completions
        .create(openAiBody(model, request, mode, quirks), {
          signal,
          timeout: Math.max(1, Math.ceil(context.firstByteMs)),
        })
        .asResponse()
      const watched = watchBody(response, {
        ...context,
        cut: (reason, cause) => vendorFailure(reason === 'late' ? 'no-answer' : 'cut', names, { cause }),
      })
      const chunks = Stream.fromSSEResponse<OpenAI.ChatCompletionChunk>(watched, controller, client)
      const reply = await readOpenAiStream(chunks, {
        onText: context.onText,
        onUsage: context.onUsage,
        estimate: (written) => ({
          ...NO_USAGE,
          inputTokens: estimateInput(request),
          outputTokens: estimateTokens(written),
        }),
      })
      if (!reply) throw vendorFailure('cut', names)
      return reply
    } finally {
      // Frees the socket of a stream that was not read to its end.
      controller.abort()
    }
  }

  async function sendAround(mode: OutputMode, request: WireRequest, context: WireContext): Promise<WireReply> {
    for (;;) {
      try {
        return await sendAs(mode, request, context)
      } catch (error) {
        if (!learn(error, quirks)) throw error
      }
    }
  }

  return Object.freeze({
    vendor: 'openai',
    model,
    async send(request: WireRequest, context: WireContext) {
      try {
        if (!request.output) return await sendAround('words', request, context)
        return await modes.run(request.output.name, (mode) => sendAround(mode, request, context), isParameterRefusal)
      } catch (error) {
        throw translateOpenAiError(error, names, context.signal)
      }
    },
  })
}

/** Takes a refusal of a parameter to heart, once for each; false when there is nothing to learn from the error. */
function learn(error: unknown, quirks: Quirks): boolean {
  const limit = quirks.oldMaxTokens ? 'max_tokens' : 'max_completion_tokens'
  if (!quirks.limitSettled && refuses(error, limit)) {
    quirks.oldMaxTokens = !quirks.oldMaxTokens
    quirks.limitSettled = true
    return true
  }
  if (!quirks.noStreamOptions && refuses(error, 'stream_options')) {
    quirks.noStreamOptions = true
    return true
  }
  return false
}
