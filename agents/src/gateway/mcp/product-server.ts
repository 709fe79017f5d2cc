import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { ERROR_META } from '@plumbline/mcp-kit'
import {
  Answer,
  type AskEvent,
  type Catalog,
  Catalog as CatalogSchema,
  type Principal,
  Receipt,
} from '@plumbline/tools/contract'
import { AppError, toAppError } from '@plumbline/tools/errors'
import { z } from 'zod'
import type { Assistant } from '../../assistant/assistant.ts'
import type { Answers } from '../../state/index.ts'
import type { AskOnce } from '../ask-once.ts'
import { VERSION } from '../version.ts'
import { answerText } from './answer-text.ts'

export interface ProductParts {
  readonly ask: AskOnce
  readonly assistant: Assistant
  readonly answers: Answers
  readonly principal: Principal
  /** Stops the work when the client's connection closes. */
  readonly wire: (controller: AbortController) => void
}

const readOnly = { readOnlyHint: true, openWorldHint: false }

/** The whole product as three tools, for one request of one principal. */
export function productServer({ ask, assistant, answers, principal, wire }: ProductParts): McpServer {
  const server = new McpServer({ name: 'plumbline', version: VERSION })

  server.registerTool(
    'ask_question',
    {
      title: 'Ask a question of the data',
      description:
        'Answers a question in plain English with words, SQL, rows and a receipt that proves it. When the status is `clarify`, ' +
        'call again with the same threadId and the id of one choice. When it is `approval`, the query is over the budget of the ' +
        'person and did not run: tell them, or ask something narrower. Pass threadId to follow up.',
      inputSchema: {
        question: z.string().default('').describe('The question; may be empty when `choice` is given.'),
        threadId: z.string().max(100).optional().describe('Thread to go on with.'),
        choice: z.string().max(200).optional().describe('Id of the chosen clarification.'),
      },
      outputSchema: Answer.shape,
      annotations: readOnly,
    },
    async ({ question, threadId, choice }, extra) => {
      const progressToken = extra._meta?.progressToken
      let progress = 0
      const onEvent = (event: AskEvent) => {
        if (progressToken === undefined || event.type !== 'step-start') return
        progress += 1
        const params = { progressToken, progress, message: event.title }
        // A client that is gone is noticed by its closed connection.
        extra.sendNotification({ method: 'notifications/progress', params }).catch(() => {})
      }
      return guarded(async () => {
        const answer = await ask({
          request: { question, ...(threadId ? { threadId } : {}), ...(choice ? { choice } : {}) },
          principal,
          surface: 'mcp',
          onEvent,
          wire: (controller) => {
            wire(controller)
            extra.signal.addEventListener('abort', () => controller.abort(), { once: true })
          },
        })
        return result(answer, answerText(answer))
      })
    },
  )

  server.registerTool(
    'get_receipt',
    {
      title: 'Fetch a receipt',
      description:
        'The proof of an earlier answer: source, tables, filters with their matched values, freshness, steps.',
      inputSchema: { id: z.string().min(1).max(100) },
      outputSchema: Receipt.shape,
      annotations: readOnly,
    },
    ({ id }) =>
      guarded(async () => {
        const kept = await answers.ofReceipt(id, principal.id)
        const { receipt } = (await assistant.present(kept, { principal, surface: 'mcp' })).answer
        if (!receipt) throw new AppError('NOT_FOUND', 'There is no receipt with this id.')
        return result(receipt, JSON.stringify(receipt))
      }),
  )

  server.registerTool(
    'list_sources',
    {
      title: 'List what can be asked about',
      description: 'The sources with their tables, measures and suggested questions.',
      inputSchema: {},
      outputSchema: CatalogSchema.shape,
      annotations: readOnly,
    },
    () =>
      guarded(async () => {
        const catalog = await assistant.catalog(principal)
        return result(catalog, sourcesText(catalog))
      }),
  )

  return server
}

function result(structured: object, text: string) {
  return { structuredContent: structured as Record<string, unknown>, content: [{ type: 'text' as const, text }] }
}

/**
 * A failed call keeps its code: in its text, and for programs in `_meta`. Not as structured content: the official client (SDK
 * 1.32) holds that against the tool's output schema even when the call failed.
 */
async function guarded(work: () => Promise<ReturnType<typeof result>>) {
  try {
    return await work()
  } catch (thrown) {
    const error = toAppError(thrown)
    const content = [{ type: 'text' as const, text: `${error.code}: ${error.message}` }]
    return { isError: true, content, _meta: { [ERROR_META]: error.toJSON() } }
  }
}

function sourcesText({ sources }: Catalog): string {
  const lines = sources.map((source) => {
    const tables = source.tables.map(({ name }) => name).join(', ')
    return `${source.title} (${source.name}): tables ${tables}. Try: ${source.suggestions.slice(0, 3).join(' | ')}`
  })
  return lines.join('\n') || 'No source is connected.'
}
