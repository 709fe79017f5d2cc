import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { silentTelemetry, startTelemetry } from '@plumbline/tools/telemetry'
import { afterEach, expect, it } from 'vitest'
import { reply } from './test-servers/script.ts'
import { vendors } from './test-servers/vendors.ts'
import { traceModel } from './trace-model.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const ask = { system: [{ text: 'Terse.' }], messages: [{ role: 'user' as const, text: 'How many?' }], maxTokens: 100 }

it.each(vendors)('traces a call of $name with its tokens and cost [trace.langfuse]', async (vendor) => {
  const bodies: string[] = []
  const collector = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    bodies.push(body)
    response.end('{}')
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  closing.push(() => collector.close())
  const server = await vendor.startServer()
  closing.push(() => server.close())
  const langfuseBaseUrl = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  const telemetry = await startTelemetry({ langfusePublicKey: 'pk-1', langfuseSecretKey: 'sk-1', langfuseBaseUrl })
  closing.push(() => telemetry.shutdown())

  server.play(reply('3 flights'))
  const model = traceModel(vendor.createModel(server), telemetry)
  await telemetry.trace({ name: 'ask' }, () => model.complete(ask))
  await telemetry.flush()
  const sent = bodies.join('')
  // Attributes hold JSON as text, so its quotes are escaped.
  for (const part of ['\\"input\\":100', '\\"output\\":10', '\\"total\\":0.0002', '3 flights', 'test-model']) {
    expect(sent).toContain(part)
  }
})

it('leaves the model alone when tracing is off', async () => {
  const [vendor] = vendors
  if (!vendor) throw new Error('no vendor')
  const server = await vendor.startServer()
  closing.push(() => server.close())
  const model = vendor.createModel(server)
  expect(traceModel(model, silentTelemetry)).toBe(model)
})
