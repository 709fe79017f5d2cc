import type { Answer, AskEvent, AskRequest, AuditSurface, Catalog, Principal, Vote } from '@plumbline/tools/contract'
import type { Sources } from '../mcp/index.ts'
import type { DayRules, KeptAnswer } from '../state/index.ts'
import type { VerifiedLineage } from './verified-lineage.ts'

export interface AskContext {
  readonly principal: Principal
  /** Through which door the question came: it stands in the audit log. */
  readonly surface: AuditSurface
  /** Aborting stops the work down to the database; the answer then has the error QUERY_CANCELLED. */
  readonly signal?: AbortSignal
  readonly onEvent?: (event: AskEvent) => void
}

/** Who reads a kept answer, and through which door. */
export interface Viewer {
  readonly principal: Principal
  readonly surface: AuditSurface
}

export interface PresentedAnswer {
  readonly answer: Answer & { readonly vote: Vote | null }
  /** It was computed again for this person. */
  readonly recomputed: boolean
}

/** The whole product behind one door: gateway, command line and evals all come in here. */
export interface Assistant {
  /** Never rejects for a question that can not be answered: that is an Answer with its status and error. */
  ask(request: AskRequest, context: AskContext): Promise<Answer>
  catalog(principal: Principal): Promise<Catalog>
  /**
   * A kept answer as this person may see it now. When they see the same as the one it was made for, it is as it was; else its SQL
   * runs again in their name, and what they may not see is withheld.
   */
  present(kept: KeptAnswer, viewer: Viewer): Promise<PresentedAnswer>
  /**
   * Goes on with a question whose approval is decided, as its asker: the answer that waited becomes the result, or says why not.
   * Null: there is nothing (any more) to do. `asker` is the person as they are now; null when they have no access any more.
   */
  deliver(approvalId: string, asker: Principal | null, signal: AbortSignal): Promise<Answer | null>
  /** What the person may use of models a day. */
  dayLimits(principal: Principal): Promise<DayRules>
  /** The verified queries that a person may know, with what their results are made of. */
  verifiedLineage(principal: Principal): Promise<VerifiedLineage[]>
  /** What a statement would become for a person under a policy document. Nothing runs. @throws NOT_FOUND for an unknown source */
  dryRun: Sources['dryRun']
  /** Name of the model in use, or `none` when the planner answers alone. */
  readonly model: string
  close(): Promise<void>
}
