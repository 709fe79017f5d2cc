/** What a model server does with one request, whatever its wire. */
export type Script =
  | {
      kind: 'reply'
      /** In the pieces in which it is streamed. */
      text?: readonly string[]
      calls?: readonly { id: string; name: string; json: readonly string[] }[]
      stop?: 'end' | 'length' | 'refused'
      /** A signed thought before everything else (Anthropic only). */
      thinking?: { text: string; signature: string }
      usage?: Partial<ScriptUsage>
      /** The stream ends after so many bytes, in the middle of an event or between two. */
      cutAfter?: (whole: Buffer) => number
      /** How it ends: the connection is reset, closed as if all were well, or left open in silence. */
      cutBy?: 'reset' | 'close' | 'hang'
      /** Splits the bytes into these chunks, each written on its own. */
      chunks?: (whole: Buffer) => readonly Buffer[]
    }
  /** An HTTP error in the vendor's own shape. */
  | { kind: 'error'; status: number; message?: string; headers?: Record<string, string>; type?: string }
  /** The stream begins and then reports an error in an event. */
  | { kind: 'error-event'; text?: readonly string[]; type: string; message?: string }
  /** Accepts the connection and never answers. */
  | { kind: 'hang' }
  /** Closes the connection without a word. */
  | { kind: 'reset' }

export interface ScriptUsage {
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
}

export type ReplyScript = Extract<Script, { kind: 'reply' }>

export const reply = (
  text: string | readonly string[],
  more: Omit<ReplyScript, 'kind' | 'text'> = {},
): ReplyScript => ({
  kind: 'reply',
  text: typeof text === 'string' ? [text] : text,
  ...more,
})

export const callTool = (
  name: string,
  json: string | readonly string[],
  more: Omit<ReplyScript, 'kind' | 'calls'> = {},
): ReplyScript => ({
  kind: 'reply',
  calls: [{ id: 'call_a', name, json: typeof json === 'string' ? [json] : json }],
  ...more,
})

export const usageOf = (script: ReplyScript): ScriptUsage => ({
  inputTokens: 100,
  outputTokens: 10,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  ...script.usage,
})
