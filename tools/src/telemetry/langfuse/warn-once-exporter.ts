import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import type { Logger } from '../logger.ts'

export interface ExporterSettings {
  readonly publicKey: string
  readonly secretKey: string
  readonly baseUrl: string
  readonly timeoutMs: number
  readonly logger: Logger
}

/** OTLP over HTTP to Langfuse. A collector that fails is reported once, until it has worked again. */
export function createWarnOnceExporter(settings: ExporterSettings): SpanExporter {
  const { publicKey, secretKey, baseUrl, timeoutMs, logger } = settings
  const inner = new OTLPTraceExporter({
    url: `${baseUrl}/api/public/otel/v1/traces`,
    headers: {
      Authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`,
      'x-langfuse-public-key': publicKey,
    },
    // For the retries of the exporter too.
    timeoutMillis: timeoutMs,
  })
  let warned = false
  return {
    export(spans: ReadableSpan[], done) {
      inner.export(spans, (result) => {
        // 0 is SUCCESS of @opentelemetry/core's ExportResultCode.
        if (result.code === 0) warned = false
        else if (!warned) {
          warned = true
          logger.warn(
            { reason: result.error?.message },
            `Traces do not arrive at ${baseUrl}: check LANGFUSE_BASE_URL and the keys. Answers are not affected.`,
          )
        }
        done(result)
      })
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
  }
}
