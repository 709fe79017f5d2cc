import type { ScanFigure } from '../../contract/approval.ts'

/** A query that somebody says was approved. */
export interface ApprovalUse {
  readonly id: string
  readonly principalId: string
  readonly source: string
  readonly queryHash: string
  readonly figure: ScanFigure
  /** What it would take now; null: not known. */
  readonly value: number | null
}

/** Where approvals are kept. */
export interface ApprovalCheck {
  /**
   * Uses the approval up, once for all: of two calls at the same time one gets it. It resolves when the approval is for this very
   * query, person and source, for about as much as the query would take now, and neither used nor expired.
   * @throws AppError FORBIDDEN or CONFLICT, saying which it is not.
   */
  redeem(use: ApprovalUse): Promise<void>
}
