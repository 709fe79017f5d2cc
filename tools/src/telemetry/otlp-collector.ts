import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** A span as it arrived, with its attributes as a plain object. */
export interface ArrivedSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly durationMs: number
  readonly attributes: Readonly<Record<string, unknown>>
}

export interface OtlpCollector {
  readonly url: string
  readonly spans: readonly ArrivedSpan[]
  readonly requests: readonly { path: string; headers: IncomingHttpHeaders; body: string }[]
  /** What the next requests are answered with; `hang` never answers. */
  answer: number | 'hang'
  close(): Promise<void>
}

/** A collector on loopback that reads what really arrives: OTLP/HTTP in its JSON encoding. */
export async function startOtlpCollector(): Promise<OtlpCollector> {
  const spans: ArrivedSpan[] = []
  const requests: { path: string; headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const bytes = Buffer.concat(parts)
    const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString()
    requests.push({ path: request.url ?? '', headers: request.headers, body })
    if (collector.answer === 'hang') return
    if (collector.answer === 200) spans.push(...readSpans(JSON.parse(body)))
    response.writeHead(collector.answer, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const collector: OtlpCollector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    answer: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return collector
}

interface OtlpValue {
  stringValue?: string
  intValue?: number | string
  doubleValue?: number
  boolValue?: boolean
  arrayValue?: { values?: OtlpValue[] }
}

interface OtlpBody {
  resourceSpans: {
    scopeSpans: {
      spans: {
        name: string
        traceId: string
        spanId: string
        parentSpanId?: string
        startTimeUnixNano: string
        endTimeUnixNano: string
        attributes: { key: string; value: OtlpValue }[]
      }[]
    }[]
  }[]
}

function readSpans(body: OtlpBody): ArrivedSpan[] {
  return body.resourceSpans
    .flatMap((resource) => resource.scopeSpans)
    .flatMap((scope) => scope.spans)
    .map((span) => ({
      name: span.name,
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId || undefined,
      durationMs: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
      attributes: Object.fromEntries(span.attributes.map(({ key, value }) => [key, readValue(value)])),
    }))
}

function readValue(value: OtlpValue): unknown {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(readValue)
  return value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue
}
