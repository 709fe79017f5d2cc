import type { z } from 'zod'
import type { Budget } from './budget.ts'

/** One piece of the system prompt. `cache` marks the end of a prefix that later requests repeat word for word. */
export interface SystemBlock {
  readonly text: string
  readonly cache?: boolean
}

export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly input: unknown
}

export interface ToolResult {
  /** The `ToolCall.id` this answers. */
  readonly id: string
  readonly content: string
  readonly isError?: boolean
}

export type ModelMessage =
  | { readonly role: 'user'; readonly text: string }
  | {
      readonly role: 'assistant'
      readonly text: string
      readonly toolCalls?: readonly ToolCall[]
      /** `ModelReply.opaque` of the turn that made the tool calls. */
      readonly opaque?: unknown
    }
  | { readonly role: 'tool'; readonly results: readonly ToolResult[] }

export interface ModelTool {
  readonly name: string
  readonly description: string
  /** JSON schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>
}

export interface ModelRequest {
  readonly system: readonly SystemBlock[]
  readonly messages: readonly ModelMessage[]
  readonly tools?: readonly ModelTool[]
  /** Asks for one JSON value that fulfils the schema; it comes back validated in `ModelReply.output`. */
  readonly output?: { readonly name: string; readonly schema: z.ZodType }
  /** The most tokens the model may write, its thinking included. */
  readonly maxTokens: number
}

/** Tokens as they are billed; the four are disjoint. `outputTokens` includes thinking. */
export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWriteTokens: number
}

export type StopReason = 'end' | 'tools' | 'length' | 'refused'

export interface ModelReply {
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  /** The validated value, when `ModelRequest.output` was set and the model did not refuse. */
  readonly output?: unknown
  /** Of all attempts together: a cut stream and a repair are billed too. */
  readonly usage: Usage
  readonly costUsd: number
  /** False when no price is known for the model: then `costUsd` is 0 and says nothing. */
  readonly priced: boolean
  readonly stopReason: StopReason
  readonly ms: number
  /** The model that the vendor says answered. */
  readonly model: string
  /** Requests that were sent: 1 when nothing went wrong. */
  readonly attempts: number
  /** What the vendor wants back unchanged with the next turn (signed thinking), never to be read or shown. */
  readonly opaque?: unknown
}

export interface CompleteOptions {
  readonly signal?: AbortSignal
  /** Called with the text as it arrives; the deltas joined are `ModelReply.text`. Not called when `output` is set. */
  readonly onTextDelta?: (delta: string) => void
  /**
   * The stream broke after text was handed out and the answer starts again: forget the deltas so far. Without it a stream
   * that breaks after its first delta is not retried, but fails with MODEL_STREAM_CUT.
   */
  readonly onTextRestart?: () => void
  readonly budget?: Budget
}

/**
 * A language model. `complete` throws AppErrors: BUDGET_EXCEEDED, QUERY_CANCELLED and the MODEL_* codes. A refusal is
 * not an error but the stop reason `refused`.
 */
export interface ChatModel {
  /** Vendor and model: `anthropic:claude-sonnet-5-5`. */
  readonly id: string
  complete(request: ModelRequest, options?: CompleteOptions): Promise<ModelReply>
  /**
   * What the model would see of a text. Whoever cuts a text to a length calls it before: a value that is cut is not known any
   * more. Absent where nothing is hidden.
   */
  hide?(text: string): string
}
