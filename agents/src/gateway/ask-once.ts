import type { Answer, AskEvent, AskRequest, AuditSurface, Principal } from '@plumbline/tools/contract'
import type { Assistant } from '../assistant/assistant.ts'
import type { RunningAsks } from './running-asks.ts'

export interface AskCall {
  readonly request: AskRequest
  readonly principal: Principal
  readonly surface: AuditSurface
  readonly onEvent?: (event: AskEvent) => void
  /** Connects what ends the caller's interest (a closed socket, Stop) to the controller. */
  readonly wire: (controller: AbortController) => void
}

/** One question through the assistant, stopped when its caller goes away or the server closes. */
export type AskOnce = (call: AskCall) => Promise<Answer>

export function askOnce(assistant: Assistant, running: RunningAsks): AskOnce {
  return ({ request, principal, surface, onEvent, wire }) =>
    running.run(wire, (signal) =>
      assistant.ask(request, { principal, surface, signal, ...(onEvent ? { onEvent } : {}) }),
    )
}
