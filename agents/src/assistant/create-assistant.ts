import { isGraphBubbleUp } from '@langchain/langgraph'
import { createLogger, startTelemetry } from '@plumbline/tools/telemetry'
import type { Config } from '../config.ts'
import { stateGovernance } from '../governance/state-governance.ts'
import { openSources } from '../mcp/index.ts'
import { createModel, traceModel } from '../models/index.ts'
import { SourceShelf } from '../sources/source-shelf.ts'
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
  const governance = stateGovernance(opening)
  const [sources, { state, checkpointer }, telemetry] = await Promise.all([
    openSources(governance),
    openCheckpointer(opening),
    startTelemetry(config, { logger, isFailure: (error) => !isGraphBubbleUp(error) }),
  ])
  const shelf = new SourceShelf(sources, governance.policies)
  // What the owner sees is learned before the first question; a source that can not be read says so at the start.
  await shelf.for({ principal: localPrincipal, surface: 'system' })
  const model = createModel(config)
  return buildAssistant({
    state,
    checkpointer,
    sources: shelf,
    dryRun: sources.dryRun,
    model: model && traceModel(model, telemetry),
    limits: {
      maxRows: config.rowLimit,
      timeoutMs: config.queryTimeoutMs,
      budget: { maxTokens: config.budgetTokens, maxUsd: config.budgetUsd },
    },
    telemetry,
    logger,
    onClose: async () => {
      await sources.close()
      await telemetry.shutdown()
    },
  })
}

async function openCheckpointer(opening: State | Promise<State>) {
  const state = await opening
  return { state, checkpointer: await createCheckpointer(state) }
}
