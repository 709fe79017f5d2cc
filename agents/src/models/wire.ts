import type { ModelRequest, StopReason, Usage } from './port.ts'

/** A request as a vendor's adapter gets it: the output schema is JSON by now. */
export interface WireRequest extends Omit<ModelRequest, 'output'> {
  readonly output?: { readonly name: string; readonly jsonSchema: Readonly<Record<string, unknown>> }
}

/** A tool call as it came: the input is still text, and may be broken. */
export interface WireToolCall {
  readonly id: string
  readonly name: string
  readonly json: string
}

export interface WireReply {
  readonly text: string
  readonly toolCalls: readonly WireToolCall[]
  readonly usage: Usage
  readonly stopReason: StopReason
  readonly model: string
  readonly opaque?: unknown
}

export interface WireContext {
  readonly signal: AbortSignal | undefined
  /** Milliseconds: until the answer must have begun, between two signs of life after that, and for all of it. */
  readonly firstByteMs: number
  readonly idleMs: number
  readonly leftMs: number
  onText(delta: string): void
  /** Usage known so far, also of a stream that breaks later. */
  onUsage(usage: Usage): void
}

/**
 * What an adapter implements: one request, one reply, no retry. Errors are AppErrors already (`errors.ts` of the adapter);
 * `data.retryAfterMs` carries the vendor's wish, `data.retry: false` forbids another attempt.
 */
export interface Wire {
  readonly vendor: string
  readonly model: string
  send(request: WireRequest, context: WireContext): Promise<WireReply>
}
