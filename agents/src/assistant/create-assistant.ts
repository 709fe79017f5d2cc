import { isGraphBubbleUp } from '@langchain/langgraph'
import { createLogger, startTelemetry } from '@plumbline/tools/telemetry'
import type { Config } from '../config.ts'
import { openSources } from '../mcp/index.ts'
import { createModel, traceModel } from '../models/index.ts'
import { learnSource } from '../sources/source-knowledge.ts'
import { createCheckpointer, type State } from '../state/index.ts'
import type { Assistant } from './assistant.ts'
import { buildAssistant } from './build-assistant.ts'
import { localPrincipal } from './local-principal.ts'

/**
 * The assistant of the configuration: its sources, its model when there is a key, its traces. The state stays the caller's;
 * it may still be opening, and the sources open meanwhile.
 */
export async function createAssistant(config: Config, opening: State | Promise<State>): Promise<Assistant> {
  const logger = createLogger('assistant', { level: config.logLevel })
  const [{ clients, learned }, { state, checkpointer }, telemetry] = await Promise.all([
    learnSources(),
    openCheckpointer(opening),
    startTelemetry(config, { logger, isFailure: (error) => !isGraphBubbleUp(error) }),
  ])
  const model = createModel(config)
  return buildAssistant({
    state,
    checkpointer,
    sources: new Map(learned.map((knowledge) => [knowledge.name, knowledge])),
    model: model && traceModel(model, telemetry),
    limits: {
      maxRows: config.rowLimit,
      timeoutMs: config.queryTimeoutMs,
      budget: { maxTokens: config.budgetTokens, maxUsd: config.budgetUsd },
    },
    telemetry,
    logger,
    onClose: async () => {
      for (const client of clients.values()) await client.close()
      await telemetry.shutdown()
    },
  })
}

async function learnSources() {
  const clients = await openSources(localPrincipal)
  return { clients, learned: await Promise.all([...clients.values()].map(learnSource)) }
}

async function openCheckpointer(opening: State | Promise<State>) {
  const state = await opening
  return { state, checkpointer: await createCheckpointer(state) }
}
