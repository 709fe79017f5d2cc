import { AppError } from '@plumbline/tools/errors'
import type { SemanticModel } from '@plumbline/tools/semantic'
import type { z } from 'zod'
import type { Access } from './access.ts'
import type { Caller } from './caller.ts'
import type { ServerDefinition, ServerLimits } from './define-server.ts'
import type { Governance } from './governance.ts'
import { type Guarded, resilience } from './resilience.ts'
import type { Capabilities, Warehouse } from './warehouse.ts'

/** A server's system, connected once and shared by every session that is served from this process. */
export interface Connection {
  readonly definition: ServerDefinition
  readonly capabilities: Capabilities
  readonly model: SemanticModel | null
  readonly limits: ServerLimits
  readonly governance: Governance
  readonly guarded: Guarded
  /** Queries that the system is working on now. */
  running(): number
  close(): Promise<void>
}

/** What a tool gets: the connection, who asks, and what they may see. */
export interface ToolContext {
  readonly connection: Connection
  readonly caller: Caller
  readonly access: Access
  readonly signal: AbortSignal
}

/** Connects a definition. Throws CONFIG_INVALID naming the field that is wrong. */
export async function connect<Config extends z.ZodType>(
  definition: ServerDefinition<Config>,
  config: unknown,
  governance: Governance,
): Promise<Connection> {
  const parsed = definition.config.safeParse(config)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const field = issue?.path.join('.') || 'configuration'
    throw new AppError('CONFIG_INVALID', `${definition.title}: \`${field}\`: ${issue?.message ?? 'is not valid'}`)
  }
  let running = 0
  const limits = definition.limits(parsed.data)
  const guarded = resilience(definition.title, limits.concurrentQueries)
  const [capabilities, model] = await Promise.all([definition.connect(parsed.data), definition.loadModel(parsed.data)])
  return {
    definition: definition as unknown as ServerDefinition,
    capabilities,
    model,
    limits,
    governance,
    guarded: (work) =>
      guarded(async () => {
        running++
        try {
          return await work()
        } finally {
          running--
        }
      }),
    running: () => running,
    close: () => capabilities.warehouse.close(),
  }
}

export const warehouseOf = (context: ToolContext): Warehouse => context.connection.capabilities.warehouse
