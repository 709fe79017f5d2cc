import { defineConfig } from '@plumbline/tools/config'
import { afterEach, describe, expect, it } from 'vitest'
import { modelConfig } from './config.ts'
import { createModel } from './create-model.ts'
import { startOpenAiServer } from './test-servers/openai.ts'
import { reply } from './test-servers/script.ts'
import type { ScriptedServer } from './test-servers/scripted-server.ts'

const load = (env: Record<string, string>) => defineConfig(modelConfig).load(env)

describe('the model of the configuration', () => {
  let server: ScriptedServer | undefined
  afterEach(() => server?.close())

  it('is none without a key, and none when that is asked for', () => {
    expect(createModel(load({}))).toBeNull()
    expect(createModel(load({ ANTHROPIC_API_KEY: 'k', PLUMBLINE_MODEL: 'none' }))).toBeNull()
    expect(createModel(load({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }))).toBeNull()
  })

  it('follows the key that is set, and the name that is given', () => {
    expect(createModel(load({ ANTHROPIC_API_KEY: 'a', OPENAI_API_KEY: 'b' }))?.id).toBe('anthropic:claude-sonnet-5-5')
    expect(createModel(load({ OPENAI_API_KEY: 'b' }))?.id).toBe('openai:gpt-5.4')
    expect(createModel(load({ OPENAI_API_KEY: 'b', PLUMBLINE_MODEL: 'openai:o:x' }))?.id).toBe('openai:o:x')
  })

  it('says which key is missing for a model asked for by name', () => {
    expect(() => createModel(load({ PLUMBLINE_MODEL: 'anthropic:claude-opus-5-5' }))).toThrow(
      /ANTHROPIC_API_KEY is not set/,
    )
    expect(() => createModel(load({ PLUMBLINE_MODEL: 'openai:gpt-5.4' }))).toThrow(/OPENAI_API_KEY is not set/)
    expect(() => load({ PLUMBLINE_MODEL: 'gemini:x' })).toThrow(/PLUMBLINE_MODEL/)
  })

  it('speaks to a compatible server without a key, flagged as unpriced or with a price of its own [model.openai]', async () => {
    server = await startOpenAiServer()
    const env = { PLUMBLINE_MODEL: 'openai:llama3', OPENAI_BASE_URL: `${server.url}/v1` }
    const ask = { system: [], messages: [{ role: 'user' as const, text: 'Hi' }], maxTokens: 10 }
    server.play(reply('Hello.'), reply('Hello.'))
    expect(await createModel(load(env))?.complete(ask)).toMatchObject({ text: 'Hello.', priced: false, costUsd: 0 })
    const prices = '{"openai:llama3": {"input": 1, "output": 1}}'
    const own = await createModel(load({ ...env, PLUMBLINE_MODEL_PRICES: prices }))?.complete(ask)
    expect(own).toMatchObject({ priced: true, costUsd: 110 / 1e6 })
  })
})
