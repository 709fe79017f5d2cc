import type { Telemetry, TraceSpan } from './telemetry.ts'

/** A span that goes nowhere. */
export const silentSpan: TraceSpan = Object.freeze({
  traceId: undefined,
  update: () => {},
  span: (_name, _info, work) => work(silentSpan),
  generation: (_name, _info, work) => work(silentSpan),
} satisfies TraceSpan)

/** Tracing that is off: no import, no allocation, one call through. */
export const silentTelemetry: Telemetry = Object.freeze({
  enabled: false,
  trace: (_info, work) => work(silentSpan),
  current: () => silentSpan,
  span: silentSpan.span,
  generation: silentSpan.generation,
  flush: async () => {},
  shutdown: async () => {},
} satisfies Telemetry)
