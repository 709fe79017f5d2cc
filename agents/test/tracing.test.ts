import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OtlpCollector, startOtlpCollector } from '../../tools/src/telemetry/otlp-collector.ts'
import { startAnthropicServer } from '../src/models/test-servers/anthropic.ts'
import { reply } from '../src/models/test-servers/script.ts'
import type { ScriptedServer } from '../src/models/test-servers/scripted-server.ts'
import { openTestAssistant } from './open-test-assistant.ts'

let collector: OtlpCollector
let vendor: ScriptedServer
beforeAll(async () => {
  collector = await startOtlpCollector()
  vendor = await startAnthropicServer()
})
afterAll(async () => {
  await vendor?.close()
  await collector?.close()
})

describe('tracing', () => {
  it('makes one trace a question, with a span a node and the model’s tokens [trace.langfuse]', async () => {
    const test = await openTestAssistant({
      LANGFUSE_PUBLIC_KEY: 'pk-lf-test',
      LANGFUSE_SECRET_KEY: 'sk-lf-test',
      LANGFUSE_BASE_URL: collector.url,
      PLUMBLINE_MODEL: 'anthropic:test-model',
      ANTHROPIC_API_KEY: 'opaque0123456789',
      ANTHROPIC_BASE_URL: vendor.url,
      PLUMBLINE_MODEL_PRICES: '{"anthropic:test-model": {"input": 1, "output": 10}}',
    })
    await test.ask('How many airlines are there?')
    const sql = 'select count(*) as days from (select distinct month, day from flights) as d'
    vendor.play(
      reply(JSON.stringify({ answer: { kind: 'sql', sql, reading: 'days', assumptions: [] } })),
      reply('There are **365** days.'),
    )
    const byModel = await test.ask('How many days had flights at all in the schedule of carriers?')
    await test[Symbol.asyncDispose]()

    const spans = collector.spans
    const traces = Map.groupBy(spans, (span) => span.traceId)
    expect(traces.size).toBe(2)
    for (const [, own] of traces) {
      const names = own.map((span) => span.name)
      expect(names.filter((name) => name === 'ask')).toHaveLength(1)
      expect(names).toEqual(expect.arrayContaining(['recall', 'link', 'plan']))
    }
    expect(byModel.receipt?.origin.kind).toBe('model')
    const text = JSON.stringify(spans)
    const calls = spans.filter((span) => span.attributes['langfuse.observation.type'] === 'generation')
    expect(calls).toHaveLength(2)
    for (const call of calls) {
      expect(call.attributes['langfuse.observation.model.name']).toContain('test-model')
      expect(String(call.attributes['langfuse.observation.usage_details'])).toContain('100')
      expect(call.attributes).toHaveProperty(['langfuse.observation.cost_details'])
    }
    expect(text).not.toContain('opaque0123456789')
  })
})
