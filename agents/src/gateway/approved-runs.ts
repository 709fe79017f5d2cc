import type { Principal } from '@plumbline/tools/contract'
import type { FastifyBaseLogger } from 'fastify'
import type { Assistant } from '../assistant/assistant.ts'
import type { Approvals } from '../state/index.ts'
import type { RunningAsks } from './running-asks.ts'

export interface ApprovedRunsParts {
  readonly assistant: Pick<Assistant, 'deliver'>
  readonly approvals: Approvals
  readonly running: RunningAsks
  /** A person as they are now; null when they may not ask any more. */
  readonly current: (id: string) => Promise<Principal | null>
  readonly logger: FastifyBaseLogger
}

/** Goes on with decided approvals behind the back of who decided: nobody's request waits for the query. */
export class ApprovedRuns {
  readonly #parts: ApprovedRunsParts

  constructor(parts: ApprovedRunsParts) {
    this.#parts = parts
  }

  start(id: string): void {
    const { logger } = this.#parts
    this.#deliver(id).catch((error: unknown) => logger.error({ err: error, approval: id }, 'approved query failed'))
  }

  /** Takes up what was decided when the server stopped. */
  async recover(): Promise<void> {
    for (const id of await this.#parts.approvals.allUndelivered()) this.start(id)
  }

  async #deliver(id: string): Promise<void> {
    const { assistant, approvals, running, current } = this.#parts
    const waiting = await approvals.undelivered(id)
    if (!waiting) return
    const asker = await current(waiting.approval.asker.id)
    const stoppedByClosing = () => {}
    await running.run(stoppedByClosing, (signal) => assistant.deliver(id, asker, signal))
  }
}
