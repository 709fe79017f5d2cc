import { execFile } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../errors/index.ts'
import { createLogger } from './logger.ts'
import { type OtlpCollector, startOtlpCollector } from './otlp-collector.ts'
import { startTelemetry, type TelemetryOptions } from './start-telemetry.ts'
import type { Telemetry } from './telemetry.ts'

/** A logger whose lines are kept. */
function keepingLogger() {
  const lines: string[] = []
  return { lines, logger: createLogger('telemetry', { destination: { write: (line) => void lines.push(line) } }) }
}

describe('tracing to Langfuse', () => {
  let collector: OtlpCollector
  let telemetry: Telemetry | undefined
  const start = async (options: TelemetryOptions = {}) => {
    telemetry = await startTelemetry(
      {
        langfusePublicKey: 'pk-lf-test-1234',
        langfuseSecretKey: 'sk-lf-test-5678',
        langfuseBaseUrl: collector.url,
        environment: 'test',
      },
      { logger: keepingLogger().logger, ...options },
    )
    return telemetry
  }
  beforeEach(async () => {
    collector = await startOtlpCollector()
  })
  afterEach(async () => {
    await telemetry?.shutdown()
    telemetry = undefined
    await collector.close()
  })

  it('sends one trace a question, a span a node, tokens and cost [trace.langfuse]', async () => {
    const tracing = await start()
    const question = { name: 'ask', id: 'answer-1', input: 'How many?', userId: 'u1', sessionId: 'thread-1' }
    const result = await tracing.trace(question, async (trace) => {
      await trace.span('plan', { type: 'chain', input: 'How many?' }, async (span) => {
        span.update({ output: { sql: 'SELECT 1' } })
        // A node deep below needs no handle: the open span follows the promise chain.
        await Promise.resolve()
        await tracing.generation('draft', { model: 'anthropic:m', input: 'prompt' }, async (generation) => {
          generation.update({
            output: 'SELECT 1',
            usage: { inputTokens: 1200, outputTokens: 80, cacheReadTokens: 900 },
            costUsd: 0.0042,
          })
        })
      })
      await trace.span('run', { type: 'tool' }, async () => {})
      trace.update({ output: '3 flights' })
      return 42
    })
    expect(result).toBe(42)
    await tracing.flush()

    const byName = new Map(collector.spans.map((span) => [span.name, span]))
    expect([...byName.keys()].sort()).toEqual(['ask', 'draft', 'plan', 'run'])
    const ask = byName.get('ask')
    const plan = byName.get('plan')
    expect(new Set(collector.spans.map((span) => span.traceId)).size).toBe(1)
    expect(ask?.parentSpanId).toBeUndefined()
    expect(plan?.parentSpanId).toBe(ask?.spanId)
    expect(byName.get('run')?.parentSpanId).toBe(ask?.spanId)
    expect(byName.get('draft')?.parentSpanId).toBe(plan?.spanId)
    for (const span of collector.spans) {
      expect(span.attributes).toMatchObject({
        'user.id': 'u1',
        'session.id': 'thread-1',
        'langfuse.environment': 'test',
      })
    }
    expect(ask?.attributes).toMatchObject({
      'langfuse.trace.name': 'ask',
      'langfuse.trace.input': 'How many?',
      'langfuse.trace.output': '3 flights',
    })
    const draft = byName.get('draft')?.attributes ?? {}
    expect(draft).toMatchObject({
      'langfuse.observation.type': 'generation',
      'langfuse.observation.model.name': 'anthropic:m',
      'langfuse.observation.output': 'SELECT 1',
    })
    expect(JSON.parse(String(draft['langfuse.observation.usage_details']))).toMatchObject({
      input: 1200,
      output: 80,
      cache_read_input_tokens: 900,
    })
    expect(JSON.parse(String(draft['langfuse.observation.cost_details']))).toEqual({ total: 0.0042 })

    const [request] = collector.requests
    expect(request?.path).toBe('/api/public/otel/v1/traces')
    const credentials = Buffer.from('pk-lf-test-1234:sk-lf-test-5678').toString('base64')
    expect(request?.headers.authorization).toBe(`Basic ${credentials}`)
  })

  it('keeps questions that run at the same time apart, and finds each by the id of its answer', async () => {
    const tracing = await start()
    const ask = (id: string) =>
      tracing.trace({ name: 'ask', id, sessionId: id }, async (trace) => {
        await Promise.resolve()
        await tracing.span(`node-${id}`, {}, async () => {})
        return trace.traceId
      })
    const ids = await Promise.all(['a', 'b', 'c'].map(ask))
    await tracing.flush()
    expect(new Set(ids).size).toBe(3)
    for (const [index, id] of ['a', 'b', 'c'].entries()) {
      const own = collector.spans.filter((span) => span.traceId === ids[index])
      expect(own.map((span) => span.name).sort()).toEqual(['ask', `node-${id}`])
    }
    expect(await ask('a')).toBe(ids[0])
  })

  it('notes an error on its span and throws it on', async () => {
    const tracing = await start()
    const work = tracing.trace({ name: 'ask' }, (trace) =>
      trace.span('run', {}, async () => {
        throw new AppError('QUERY_TIMEOUT', 'The query took too long.')
      }),
    )
    await expect(work).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' })
    await tracing.flush()
    expect(collector.spans.find((span) => span.name === 'run')?.attributes).toMatchObject({
      'langfuse.observation.level': 'ERROR',
      'langfuse.observation.status_message': 'QUERY_TIMEOUT: The query took too long.',
    })
  })

  it('does not call a pause to ask back an error', async () => {
    const pause = new Error('paused')
    const tracing = await start({ isFailure: (error) => error !== pause })
    const work = tracing.trace({ name: 'ask' }, () => tracing.span('plan', {}, () => Promise.reject(pause)))
    await expect(work).rejects.toBe(pause)
    await tracing.flush()
    expect(collector.spans.map((span) => span.name).sort()).toEqual(['ask', 'plan'])
    for (const span of collector.spans) expect(span.attributes).not.toHaveProperty('langfuse.observation.level')
  })

  it('masks private data and credentials before they are recorded', async () => {
    const tracing = await start({
      mask: (value) => JSON.parse(JSON.stringify(value).replaceAll('ann@example.org', '[email]')),
    })
    await tracing.trace({ name: 'ask', input: { q: 'mail of ann@example.org', apiKey: 'hunter2' } }, async (trace) => {
      trace.update({ output: ['ann@example.org', 'Bearer abc.def.ghi'], metadata: { url: 'postgres://u:pw@h/db' } })
    })
    await tracing.flush()
    const sent = collector.requests.map((request) => request.body).join('')
    expect(sent).toContain('[email]')
    for (const secret of ['ann@example.org', 'hunter2', 'abc.def.ghi', ':pw@']) expect(sent).not.toContain(secret)
  })

  it('warns once while the collector is down, and the answers still come', async () => {
    const { lines, logger } = keepingLogger()
    collector.answer = 400
    const tracing = await start({ logger })
    for (let i = 0; i < 3; i++) {
      expect(await tracing.trace({ name: 'ask' }, async () => i)).toBe(i)
      await tracing.flush()
    }
    expect(collector.requests.length).toBe(3)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('LANGFUSE_BASE_URL')
    expect(lines[0]).not.toContain('sk-lf')
  })

  it('does not wait longer than its bound for a collector that hangs', async () => {
    collector.answer = 'hang'
    const tracing = await start({ timeoutMs: 1000 })
    const before = performance.now()
    await tracing.trace({ name: 'ask' }, async () => {})
    expect(performance.now() - before).toBeLessThan(900)
    await tracing.flush()
    await tracing.shutdown()
    expect(performance.now() - before).toBeLessThan(10_000)
  })
})

describe('tracing without keys', () => {
  it('passes the work through and loads no OpenTelemetry [trace.langfuse]', async () => {
    const script = `
      const { startTelemetry } = await import(${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))})
      const telemetry = await startTelemetry({})
      const result = await telemetry.trace({ name: 'ask' }, (trace) => trace.span('a', {}, async (span) => {
        span.update({ output: 1 })
        return telemetry.current().generation('g', { model: 'm' }, async () => 7)
      }))
      const { createRequire } = await import('node:module')
      const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('opentelemetry'))
      console.log(JSON.stringify({ enabled: telemetry.enabled, result, loaded: loaded.length }))
    `
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
    expect(JSON.parse(stdout)).toEqual({ enabled: false, result: 7, loaded: 0 })
  })

  it('says which key is missing when only one is set', async () => {
    const { lines, logger } = keepingLogger()
    const telemetry = await startTelemetry({ langfusePublicKey: 'pk-lf-test-1234' }, { logger })
    expect(telemetry.enabled).toBe(false)
    expect(lines.join('')).toContain('LANGFUSE_SECRET_KEY is not set')
  })
})
