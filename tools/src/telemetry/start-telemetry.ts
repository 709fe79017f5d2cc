import { createLogger, type Logger } from './logger.ts'
import { silentTelemetry } from './silent.ts'
import type { Telemetry } from './telemetry.ts'

export interface TelemetryConfig {
  readonly langfusePublicKey?: string | undefined
  readonly langfuseSecretKey?: string | undefined
  readonly langfuseBaseUrl?: string | undefined
  /** Such as `production`; Langfuse keeps environments apart. */
  readonly environment?: string | undefined
  readonly release?: string | undefined
}

export interface TelemetryOptions {
  /** Last say over every input, output and metadata value before it is recorded; credentials are gone already. */
  readonly mask?: (value: unknown) => unknown
  /** False for a thrown value that is no failure of its span, such as a graph's pause to ask back. */
  readonly isFailure?: (error: unknown) => boolean
  readonly logger?: Logger
  /** Milliseconds that `flush` and `shutdown` may take, and one export. */
  readonly timeoutMs?: number
}

/**
 * Tracing to Langfuse when both keys are set; else tracing that is off and costs nothing: the OpenTelemetry packages
 * (0.3 s and 30 MB) are loaded only when needed.
 */
export async function startTelemetry(config: TelemetryConfig, options: TelemetryOptions = {}): Promise<Telemetry> {
  const { langfusePublicKey: publicKey, langfuseSecretKey: secretKey } = config
  const logger = options.logger ?? createLogger('telemetry')
  if (!publicKey || !secretKey) {
    if (publicKey || secretKey) {
      logger.warn(`Tracing is off: ${publicKey ? 'LANGFUSE_SECRET_KEY' : 'LANGFUSE_PUBLIC_KEY'} is not set.`)
    }
    return silentTelemetry
  }
  const { createLangfuseTelemetry } = await import('./langfuse/langfuse-telemetry.ts')
  return createLangfuseTelemetry({
    publicKey,
    secretKey,
    baseUrl: (config.langfuseBaseUrl ?? 'https://cloud.langfuse.com').replace(/\/+$/, ''),
    environment: config.environment,
    release: config.release,
    mask: options.mask ?? ((value) => value),
    isFailure: options.isFailure ?? (() => true),
    logger,
    timeoutMs: options.timeoutMs ?? 2000,
  })
}
