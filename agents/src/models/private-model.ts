import type { PrivateSession } from '@plumbline/tools/private-values'
import type { SqlDialect } from '@plumbline/tools/sql'
import type { ChatModel, ModelMessage, ModelRequest } from './port.ts'

const RULES =
  'Marks in ⟦ ⟧ stand for private values, the same mark for the same value. Use them as if they were the values: letter for letter, in SQL as a text in single quotes. Never guess what they stand for. They are:'

/**
 * The same model, to which no private value of the session goes: tokens stand for them in everything it is sent, and what it
 * writes gets the values back, in SQL as literals of the dialect. The one door between the agents and a model.
 */
export function privateModel(model: ChatModel, session: PrivateSession, dialect: SqlDialect): ChatModel {
  return Object.freeze({
    id: model.id,
    hide: (text) => session.hide(text),
    complete: async (request, options = {}) => {
      const { onTextDelta, onTextRestart, ...rest } = options
      let restoring = session.restoring(onTextDelta ?? (() => {}))
      const reply = await model.complete(hidden(request, session), {
        ...rest,
        ...(onTextDelta ? { onTextDelta: (delta) => restoring.push(delta) } : {}),
        ...(onTextRestart
          ? {
              onTextRestart: () => {
                restoring = session.restoring(onTextDelta ?? (() => {}))
                onTextRestart()
              },
            }
          : {}),
      })
      restoring.end()
      return {
        ...reply,
        text: session.restore(reply.text),
        toolCalls: reply.toolCalls.map((call) => ({ ...call, input: session.restoreDeep(call.input, dialect) })),
        ...(reply.output === undefined ? {} : { output: session.restoreDeep(reply.output, dialect) }),
      }
    },
  } satisfies ChatModel)
}

function hidden(request: ModelRequest, session: PrivateSession): ModelRequest {
  const system = request.system.map((block) => ({ ...block, text: session.hide(block.text) }))
  const messages = request.messages.map((message) => hiddenMessage(message, session))
  // Last, and outside of what is cached: it is known only when everything has been hidden.
  const legend = session.legend()
  const about = legend.length > 0 ? [{ text: `# Private values\n${RULES}\n${legend.join('\n')}` }] : []
  return { ...request, system: [...system, ...about], messages }
}

function hiddenMessage(message: ModelMessage, session: PrivateSession): ModelMessage {
  switch (message.role) {
    case 'user':
      return { ...message, text: session.hide(message.text) }
    case 'tool':
      return { ...message, results: message.results.map((one) => ({ ...one, content: session.hide(one.content) })) }
    case 'assistant':
      return {
        ...message,
        text: session.hide(message.text),
        ...(message.toolCalls
          ? { toolCalls: message.toolCalls.map((call) => ({ ...call, input: session.hideDeep(call.input) })) }
          : {}),
      }
  }
}
