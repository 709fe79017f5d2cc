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

/** The assistant of the configuration: its sources, its model when there is a key, its traces. The state stays the caller's. */
export async function createAssistant(config: Config, state: State): Promise<Assistant> {
  const logger = createLogger('assistant', { level: config.logLevel })
  const [clients, checkpointer, telemetry] = await Promise.all([
    openSources(localPrincipal),
    createCheckpointer(state),
    startTelemetry(config, { logger, isFailure: (error) => !isGraphBubbleUp(error) }),
  ])
  const learned = await Promise.all([...clients.values()].map(learnSource))
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
