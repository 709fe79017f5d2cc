import { AsyncLocalStorage } from 'node:async_hooks'
import { LangfuseSpanProcessor } from '@langfuse/otel'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import type { Logger } from '../logger.ts'
import { maskSecrets } from '../mask-secrets.ts'
import { silentSpan } from '../silent.ts'
import type { Telemetry, TraceSpan } from '../telemetry.ts'
import { createSpans } from './spans.ts'
import { createTraceIds } from './trace-ids.ts'
import { createWarnOnceExporter } from './warn-once-exporter.ts'

export interface LangfuseSettings {
  readonly publicKey: string
  readonly secretKey: string
  readonly baseUrl: string
  readonly environment: string | undefined
  readonly release: string | undefined
  readonly mask: (value: unknown) => unknown
  readonly isFailure: (error: unknown) => boolean
  readonly logger: Logger
  readonly timeoutMs: number
}

/**
 * Tracing through `@langfuse/otel`, with a tracer provider of its own: nothing global is registered, so that another
 * OpenTelemetry set-up of the process neither sees these spans nor adds to them.
 */
export function createLangfuseTelemetry(settings: LangfuseSettings): Telemetry {
  const traceIds = createTraceIds()
  const provider = new BasicTracerProvider({
    idGenerator: traceIds.generator,
    spanProcessors: [
      new LangfuseSpanProcessor({
        exporter: createWarnOnceExporter(settings),
        publicKey: settings.publicKey,
        secretKey: settings.secretKey,
        baseUrl: settings.baseUrl,
        shouldExportSpan: () => true,
        // Answers are rows and words; an upload would be one more wait at the end.
        mediaUploadEnabled: false,
        ...(settings.environment ? { environment: settings.environment } : {}),
        ...(settings.release ? { release: settings.release } : {}),
      }),
    ],
  })
  const running = new AsyncLocalStorage<TraceSpan>()
  const spans = createSpans({
    tracer: provider.getTracer('langfuse-sdk'),
    mask: (value) => settings.mask(maskSecrets(value)),
    isFailure: settings.isFailure,
    running,
  })
  const current = () => running.getStore() ?? silentSpan

  return {
    enabled: true,
    trace: (info, work) => spans.trace(info, (start) => traceIds.startWith(info.id, start), work),
    current,
    span: (name, info, work) => current().span(name, info, work),
    generation: (name, info, work) => current().generation(name, info, work),
    flush: () => bounded(() => provider.forceFlush(), settings.timeoutMs),
    shutdown: () => bounded(() => provider.shutdown(), settings.timeoutMs),
  }
}

/** Waits for the work, but not longer than the bound. A failure was reported by the exporter already. */
async function bounded(work: () => Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work().catch(() => {}), bound])
  clearTimeout(timer)
}
