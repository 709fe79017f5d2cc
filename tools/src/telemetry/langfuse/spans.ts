import type { AsyncLocalStorage } from 'node:async_hooks'
import {
  createObservationAttributes,
  createTraceAttributes,
  LangfuseOtelSpanAttributes as Key,
  type LangfuseGenerationAttributes,
  type LangfuseObservationType,
} from '@langfuse/tracing'
import { type Attributes, type Context, trace as otel, ROOT_CONTEXT, type Span, type Tracer } from '@opentelemetry/api'
import { toAppError } from '../../errors/index.ts'
import type { GenerationUpdate, TraceInfo, TraceSpan } from '../telemetry.ts'

export interface SpanSettings {
  readonly tracer: Tracer
  mask(value: unknown): unknown
  /** False for an error that only steers, such as the pause of a graph that asks back. */
  isFailure(error: unknown): boolean
  /** Carries the innermost open span through everything that the work awaits. */
  readonly running: AsyncLocalStorage<TraceSpan>
}

type Work<Result> = (span: TraceSpan<GenerationUpdate>) => Promise<Result>

/** The spans of Langfuse: observations with a type, each with the attributes of its trace. */
export function createSpans({ tracer, mask, isFailure, running }: SpanSettings) {
  const masked = <Part extends { input?: unknown; output?: unknown; metadata?: unknown }>(part: Part): Part => {
    const copy = { ...part }
    for (const name of ['input', 'output', 'metadata'] as const) {
      if (copy[name] !== undefined) copy[name] = mask(copy[name])
    }
    return copy
  }

  function open(
    name: string,
    type: LangfuseObservationType,
    first: LangfuseGenerationAttributes,
    where: Place,
  ): Opened {
    const span = tracer.startSpan(
      name,
      { attributes: { ...where.shared, ...createObservationAttributes(type, masked(first)) } },
      where.context,
    )
    return { span, type, place: { ...where, context: otel.setSpan(where.context, span) } }
  }

  function facade({ span, type, place }: Opened): TraceSpan<GenerationUpdate> {
    const below = <Result>(
      name: string,
      kind: LangfuseObservationType,
      first: LangfuseGenerationAttributes,
      work: Work<Result>,
    ) => finish(open(name, kind, first, place), work)
    return {
      traceId: span.spanContext().traceId,
      update: (update) => {
        span.setAttributes(createObservationAttributes(type, masked(toLangfuse(update))))
        if (place.isRoot(span) && update.output !== undefined) {
          span.setAttributes(createTraceAttributes({ output: mask(update.output) }))
        }
      },
      span: (name, { type: kind = 'span', ...info }, work) => below(name, kind, info, work),
      generation: (name, info, work) => below(name, 'generation', info, work),
    }
  }

  async function finish<Result>(opened: Opened, work: Work<Result>): Promise<Result> {
    const self = facade(opened)
    try {
      return await running.run(self, () => work(self))
    } catch (error) {
      const { code, message } = toAppError(error)
      if (isFailure(error))
        self.update({ level: code === 'QUERY_CANCELLED' ? 'WARNING' : 'ERROR', statusMessage: `${code}: ${message}` })
      throw error
    } finally {
      opened.span.end()
    }
  }

  return {
    /** Work under a root span. `begin` is called with the start of that span, which happens at once. */
    trace<Result>(info: TraceInfo, begin: (start: () => Opened) => Opened, work: Work<Result>): Promise<Result> {
      const { name, input, metadata } = info
      const first = { ...(input === undefined ? {} : { input }), ...(metadata ? { metadata: { ...metadata } } : {}) }
      let root: Span | undefined
      const place: Place = { context: ROOT_CONTEXT, shared: traceAttributes(info), isRoot: (span) => span === root }
      const opened = begin(() => open(name, 'span', first, place))
      root = opened.span
      if (input !== undefined) root.setAttributes(createTraceAttributes({ input: mask(input) }))
      return finish(opened, work)
    },
  }
}

interface Place {
  readonly context: Context
  readonly shared: Attributes
  isRoot(span: Span): boolean
}

interface Opened {
  readonly span: Span
  readonly type: LangfuseObservationType
  readonly place: Place
}

/** What Langfuse groups a trace by; it wants it on every span. */
function traceAttributes(info: TraceInfo): Attributes {
  return {
    [Key.TRACE_NAME]: info.name,
    ...(info.userId ? { [Key.TRACE_USER_ID]: info.userId } : {}),
    ...(info.sessionId ? { [Key.TRACE_SESSION_ID]: info.sessionId } : {}),
    ...(info.tags ? { [Key.TRACE_TAGS]: [...info.tags] } : {}),
  }
}

function toLangfuse({ usage, costUsd, metadata, ...rest }: GenerationUpdate): LangfuseGenerationAttributes {
  return {
    ...rest,
    ...(metadata ? { metadata: { ...metadata } } : {}),
    ...(usage
      ? {
          // The names Langfuse sums and prices by; the parts are disjoint.
          usageDetails: {
            input: usage.inputTokens,
            output: usage.outputTokens,
            cache_read_input_tokens: usage.cacheReadTokens ?? 0,
            cache_creation_input_tokens: usage.cacheWriteTokens ?? 0,
          },
        }
      : {}),
    ...(costUsd === undefined ? {} : { costDetails: { total: costUsd } }),
  }
}
