import { AppError } from '@plumbline/tools/errors'
import { createAnthropicWire } from './anthropic/wire.ts'
import { createChatModel } from './chat-model.ts'
import type { ModelConfig } from './config.ts'
import { createOpenAiWire } from './openai/wire.ts'
import type { ChatModel } from './port.ts'
import { parsePrices, shippedPrices } from './prices.ts'
import { type RetryClock, systemClock } from './retry.ts'
import type { Wire } from './wire.ts'

/**
 * The model the configuration asks for, or null when the planner is to answer alone: `PLUMBLINE_MODEL=none`, or neither a
 * model nor a key is set. Throws MODEL_KEY_MISSING when a model is asked for by name and its key is not there.
 */
export function createModel(config: ModelConfig, clock: RetryClock = systemClock): ChatModel | null {
  const name = config.model ?? defaultModel(config)
  if (name === 'none') return null
  return createChatModel(createWire(name, config), {
    policy: {
      maxAttempts: config.modelAttempts,
      deadlineMs: config.modelDeadlineMs,
      baseDelayMs: 500,
      maxDelayMs: 16_000,
    },
    clock,
    firstByteMs: config.modelSilenceMs,
    idleMs: config.modelSilenceMs,
    prices: config.modelPrices ? { ...shippedPrices, ...parsePrices(config.modelPrices) } : shippedPrices,
  })
}

function defaultModel(config: ModelConfig): string {
  if (config.anthropicApiKey) return 'anthropic:claude-sonnet-5-5'
  // A compatible server has models of its own, whose names can not be guessed.
  if (config.openaiApiKey && !config.openaiBaseUrl) return 'openai:gpt-5.4'
  return 'none'
}

function createWire(name: string, config: ModelConfig): Wire {
  const colon = name.indexOf(':')
  const vendor = name.slice(0, colon)
  const model = name.slice(colon + 1)
  if (vendor === 'anthropic') {
    const apiKey = config.anthropicApiKey ?? keyMissing(name, 'ANTHROPIC_API_KEY')
    return createAnthropicWire(model, { apiKey, baseUrl: config.anthropicBaseUrl })
  }
  if (!config.openaiApiKey && !config.openaiBaseUrl) keyMissing(name, 'OPENAI_API_KEY')
  return createOpenAiWire(model, { apiKey: config.openaiApiKey, baseUrl: config.openaiBaseUrl })
}

function keyMissing(name: string, keyEnv: string): never {
  throw new AppError(
    'MODEL_KEY_MISSING',
    `PLUMBLINE_MODEL asks for \`${name}\`, but ${keyEnv} is not set: set it, or set PLUMBLINE_MODEL=none to go without a model.`,
    { data: { keyEnv } },
  )
}
