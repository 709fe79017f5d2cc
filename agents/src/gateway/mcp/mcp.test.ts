import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ERROR_META } from '@plumbline/mcp-kit'
import { Answer, Receipt } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anAnswer } from '../../state/testing/an-answer.ts'
import { API_TOKEN, type Gateway, logIn, runGateway, temporaryState } from '../testing/running-gateway.ts'
import { CATALOG } from '../testing/scripted-assistant.ts'
import { answerText } from './answer-text.ts'

let gateway: Gateway
let client: Client
let remove: () => Promise<void>

beforeAll(async () => {
  const temporary = await temporaryState()
  remove = temporary.remove
  gateway = await runGateway(temporary.state)
  client = await connected({ authorization: `Bearer ${API_TOKEN}` })
})
afterAll(async () => {
  await client?.close()
  await gateway?.close()
  await remove?.()
})

async function connected(headers: Record<string, string>): Promise<Client> {
  const made = new Client({ name: 'test', version: '1' })
  const transport = new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), { requestInit: { headers } })
  // The SDK's own types disagree under exactOptionalPropertyTypes.
  await made.connect(transport as Parameters<Client['connect']>[0])
  return made
}

const text = (result: unknown) => (result as { content: Array<{ text: string }> }).content[0]?.text ?? ''

describe('the product over MCP', () => {
  it('offers three described, read-only tools [mcp.ask]', async () => {
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['ask_question', 'get_receipt', 'list_sources'])
    for (const tool of tools) {
      expect(tool.description).toBeTruthy()
      expect(tool.outputSchema).toBeDefined()
      expect(tool.annotations?.readOnlyHint).toBe(true)
    }
  })

  it('answers a question with its receipt, and reports the steps on the way [mcp.ask]', async () => {
    const steps: unknown[] = []
    const result = await client.callTool({ name: 'ask_question', arguments: { question: 'How many?' } }, undefined, {
      onprogress: ({ message }) => steps.push(message),
    })
    const answer = Answer.parse(result.structuredContent)
    expect(answer).toMatchObject({ question: 'How many?', status: 'answered', rows: [[10023]] })
    expect(text(result)).toContain('**10,023** flights.')
    expect(steps).toEqual(['Run the query'])

    const receipt = await client.callTool({ name: 'get_receipt', arguments: { id: answer.receipt?.id } })
    expect(Receipt.parse(receipt.structuredContent)).toEqual(answer.receipt)
    const next = await client.callTool({
      name: 'ask_question',
      arguments: { question: 'And for United only?', threadId: answer.threadId },
    })
    expect(next.structuredContent).toMatchObject({ threadId: answer.threadId })
  })

  it('lists the sources [mcp.ask]', async () => {
    const result = await client.callTool({ name: 'list_sources', arguments: {} })
    expect(result.structuredContent).toEqual(CATALOG)
    expect(text(result)).toContain('Flights of 2013 (flights): tables flights.')
  })

  it('keeps the code of a failure and not its inside', async () => {
    const missing = await client.callTool({ name: 'get_receipt', arguments: { id: 'none' } })
    expect(missing).toMatchObject({ isError: true, _meta: { [ERROR_META]: { code: 'NOT_FOUND' } } })
    expect(text(missing)).toMatch(/^NOT_FOUND: /)
    const broken = await client.callTool({ name: 'ask_question', arguments: { question: 'break' } })
    expect(broken).toMatchObject({ isError: true, _meta: { [ERROR_META]: { code: 'INTERNAL' } } })
    expect(JSON.stringify(broken)).not.toContain('secret of the inside')
  })

  it('stops the work when the client goes away [answer.stop]', async () => {
    const leaving = await connected({ authorization: `Bearer ${API_TOKEN}` })
    const started = gateway.assistant.next('started')
    const stopped = gateway.assistant.next('stopped')
    const call = leaving.callTool({ name: 'ask_question', arguments: { question: 'slow by MCP' } }).catch(() => {})
    await started
    await leaving.close()
    expect(await stopped).toBe('slow by MCP')
    await call
  })

  it('is closed to strangers, and to the cookie of a browser [safety.token]', async () => {
    await expect(connected({})).rejects.toThrow()
    await expect(connected({ authorization: 'Bearer wrong' })).rejects.toThrow()
    await expect(connected({ cookie: await logIn(gateway), origin: gateway.url })).rejects.toThrow(/API token/)
  })
})

describe('the text of an answer', () => {
  it('answers pages of another origin with 403, whatever token they bring [mcp.ask]', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${gateway.url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      })
    const authorization = `Bearer ${API_TOKEN}`
    expect((await post({ authorization, origin: gateway.url })).status).toBe(200)
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1', 'nonsense']) {
      expect([origin, (await post({ authorization, origin })).status]).toEqual([origin, 403])
      expect([origin, (await post({ origin })).status]).toEqual([origin, 403])
    }
  })

  it('stays bounded and one row a line, whatever the data holds', () => {
    const evil = `a|b\n| c |\n${'x'.repeat(500)}`
    const answer = anAnswer({ id: '1', threadId: 't', rows: Array.from({ length: 500 }, () => [evil]) })
    const written = answerText(answer)
    expect(written.length).toBeLessThanOrEqual(8001)
    const rows = written.split('\n').filter((line) => line.startsWith('| a'))
    expect(rows).toHaveLength(20)
    expect(rows[0]).toMatch(/^\| a\\\|b \\\| c \\\| x+… \|$/)
    expect(written).toContain('(480 more rows in the structured content)')
  })
})
