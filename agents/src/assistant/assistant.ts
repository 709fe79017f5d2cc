import type { Answer, AskEvent, AskRequest, Catalog, Principal } from '@plumbline/tools/contract'

export interface AskContext {
  readonly principal: Principal
  /** Aborting stops the work down to the database; the answer then has the error QUERY_CANCELLED. */
  readonly signal?: AbortSignal
  readonly onEvent?: (event: AskEvent) => void
}

/** The whole product behind one door: gateway, command line and evals all come in here. */
export interface Assistant {
  /** Never rejects for a question that can not be answered: that is an Answer with its status and error. */
  ask(request: AskRequest, context: AskContext): Promise<Answer>
  catalog(principal: Principal): Promise<Catalog>
  /** Name of the model in use, or `none` when the planner answers alone. */
  readonly model: string
  close(): Promise<void>
}
