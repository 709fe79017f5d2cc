import { type Config, type ConfigFields, envInteger, envNumber, envText } from '@plumbline/tools/config'

const url = () => envText({ pattern: /^https?:\/\//, expects: 'a URL that begins with http:// or https://' })

/** The settings of the models, a section of the configuration of the process. */
export const modelConfig = {
  model: {
    env: 'PLUMBLINE_MODEL',
    schema: envText({
      pattern: /^(none|(anthropic|openai):\S+)$/,
      expects: '`anthropic:NAME`, `openai:NAME` or `none`',
    }).optional(),
    description:
      'The language model. `none`: the planner answers alone. Unset: a default model of the vendor whose key is set.',
    shownDefault: 'anthropic:claude-sonnet-5-5 or openai:gpt-5.4, by the key that is set',
  },
  anthropicApiKey: {
    env: 'ANTHROPIC_API_KEY',
    schema: envText().optional(),
    description: 'Key of the Anthropic API.',
    secret: true,
  },
  anthropicBaseUrl: {
    env: 'ANTHROPIC_BASE_URL',
    schema: url().optional(),
    description: 'Address of the Anthropic API, for a gateway of your own.',
    shownDefault: 'https://api.anthropic.com',
  },
  openaiApiKey: {
    env: 'OPENAI_API_KEY',
    schema: envText().optional(),
    description: 'Key of OpenAI or of a compatible server.',
    secret: true,
  },
  openaiBaseUrl: {
    env: 'OPENAI_BASE_URL',
    schema: url().optional(),
    description: 'Address of a server that speaks OpenAI chat completions, `/v1` included. It may need no key.',
    shownDefault: 'https://api.openai.com/v1',
  },
  modelAttempts: {
    env: 'PLUMBLINE_MODEL_ATTEMPTS',
    schema: envInteger(1, 20).default(4),
    description:
      'How often a request to a model is tried when the vendor is overloaded, limits the rate or breaks off.',
  },
  modelDeadlineMs: {
    env: 'PLUMBLINE_MODEL_DEADLINE_MS',
    schema: envInteger(1000, 3_600_000).default(90_000),
    description: 'Milliseconds for one request to a model, all tries together.',
  },
  modelSilenceMs: {
    env: 'PLUMBLINE_MODEL_SILENCE_MS',
    schema: envInteger(100, 3_600_000).default(30_000),
    description: 'Milliseconds a model may stay silent, before its answer begins and while it comes.',
  },
  budgetTokens: {
    env: 'PLUMBLINE_BUDGET_TOKENS',
    schema: envInteger(1, 100_000_000).default(200_000),
    description: 'Tokens one question may use, read and written.',
  },
  budgetUsd: {
    env: 'PLUMBLINE_BUDGET_USD',
    schema: envNumber(0, 10_000).default(1),
    description: 'US dollars one question may cost. A model without a known price counts as 0.',
  },
  modelPrices: {
    env: 'PLUMBLINE_MODEL_PRICES',
    schema: envText({
      pattern: /^\s*\{/,
      expects: 'JSON such as {"openai:my-model": {"input": 1, "output": 2}}',
    }).optional(),
    description: 'Prices of models as JSON, in US dollars per million tokens; they go before the ones that ship.',
  },
} as const satisfies ConfigFields

export type ModelConfig = Config<typeof modelConfig>
