import { createAnthropicWire } from '../anthropic/wire.ts'
import { type ChatModelSettings, createChatModel } from '../chat-model.ts'
import { createOpenAiWire } from '../openai/wire.ts'
import type { ChatModel } from '../port.ts'
import type { RetryClock } from '../retry.ts'
import { startAnthropicServer } from './anthropic.ts'
import { startOpenAiServer } from './openai.ts'
import type { ScriptedServer } from './scripted-server.ts'

/** In no vendor's shape, so that only knowing it can hide it. */
export const KEY = 'opaque0123456789'

/** A clock whose pauses take no time and are written down. */
export function instantClock(): RetryClock & { readonly pauses: number[] } {
  const pauses: number[] = []
  let now = 0
  return {
    pauses,
    now: () => now,
    random: () => 1,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      pauses.push(ms)
      now += ms
    },
  }
}

export interface VendorUnderTest {
  readonly name: 'anthropic' | 'openai'
  startServer(): Promise<ScriptedServer>
  createModel(server: ScriptedServer, settings?: Partial<ChatModelSettings>): ChatModel
  /** What the vendor calls a failure in the middle of a stream. */
  readonly overloadedType: string
}

const settings = (more: Partial<ChatModelSettings> = {}): ChatModelSettings => ({
  policy: { maxAttempts: 3, deadlineMs: 60_000, baseDelayMs: 100, maxDelayMs: 1000 },
  clock: instantClock(),
  firstByteMs: 10_000,
  idleMs: 10_000,
  prices: {
    'anthropic:test-model': { input: 1, output: 10, cacheRead: 0.1, cacheWrite: 2 },
    'openai:test-model': { input: 1, output: 10, cacheRead: 0.1, cacheWrite: 2 },
  },
  ...more,
})

/** The adapters that the shared suite loops over. */
export const vendors: readonly VendorUnderTest[] = [
  {
    name: 'anthropic',
    startServer: startAnthropicServer,
    createModel: (server, more) =>
      createChatModel(createAnthropicWire('test-model', { apiKey: KEY, baseUrl: server.url }), settings(more)),
    overloadedType: 'overloaded_error',
  },
  {
    name: 'openai',
    startServer: startOpenAiServer,
    createModel: (server, more) =>
      createChatModel(createOpenAiWire('test-model', { apiKey: KEY, baseUrl: `${server.url}/v1` }), settings(more)),
    overloadedType: 'overloaded',
  },
]
