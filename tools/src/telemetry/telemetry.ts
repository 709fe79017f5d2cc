/** One question, from its arrival to its answer. */
export interface TraceInfo {
  readonly name: string
  /** The trace id is derived from it, so that an answer's id finds its trace. */
  readonly id?: string
  readonly input?: unknown
  readonly userId?: string
  /** The thread. */
  readonly sessionId?: string
  readonly tags?: readonly string[]
  readonly metadata?: Readonly<Record<string, unknown>>
}

export type SpanType = 'span' | 'agent' | 'tool' | 'chain' | 'retriever' | 'guardrail'

export interface SpanInfo {
  readonly type?: SpanType
  readonly input?: unknown
  readonly metadata?: Readonly<Record<string, unknown>>
}

export interface GenerationInfo {
  /** The model that was asked for. */
  readonly model: string
  readonly input?: unknown
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** What is known when a piece of work ends, or on its way. */
export interface SpanUpdate {
  readonly output?: unknown
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly level?: 'DEBUG' | 'DEFAULT' | 'WARNING' | 'ERROR'
  readonly statusMessage?: string
}

export interface GenerationUpdate extends SpanUpdate {
  readonly model?: string
  readonly usage?: {
    readonly inputTokens: number
    readonly outputTokens: number
    readonly cacheReadTokens?: number
    readonly cacheWriteTokens?: number
  }
  readonly costUsd?: number
}

export interface TraceSpan<Update extends SpanUpdate = SpanUpdate> {
  /** Undefined when tracing is off. */
  readonly traceId: string | undefined
  update(update: Update): void
  /** Work below this span. An error is noted and thrown on. */
  span<Result>(name: string, info: SpanInfo, work: (span: TraceSpan) => Promise<Result>): Promise<Result>
  /** A call of a language model below this span. */
  generation<Result>(
    name: string,
    info: GenerationInfo,
    work: (span: TraceSpan<GenerationUpdate>) => Promise<Result>,
  ): Promise<Result>
}

export interface Telemetry {
  readonly enabled: boolean
  trace<Result>(info: TraceInfo, work: (trace: TraceSpan) => Promise<Result>): Promise<Result>
  /** The span that the running code is in, so that a node need not be handed it; a silent one outside of a trace. */
  current(): TraceSpan
  /** Work below the current span: `current().span(…)`. */
  span: TraceSpan['span']
  /** A call of a language model below the current span. */
  generation: TraceSpan['generation']
  /** Sends what is waiting. Returns in time whatever the collector does, and never throws. */
  flush(): Promise<void>
  shutdown(): Promise<void>
}
