export { createLogger, type Logger, type LoggerOptions } from './logger.ts'
export { maskSecrets, maskText } from './mask-secrets.ts'
export { silentSpan, silentTelemetry } from './silent.ts'
export { startTelemetry, type TelemetryConfig, type TelemetryOptions } from './start-telemetry.ts'
export type {
  GenerationInfo,
  GenerationUpdate,
  SpanInfo,
  SpanType,
  SpanUpdate,
  Telemetry,
  TraceInfo,
  TraceSpan,
} from './telemetry.ts'
