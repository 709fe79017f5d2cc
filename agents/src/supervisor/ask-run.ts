import { isGraphBubbleUp } from '@langchain/langgraph'
import type { AskEvent, Estimate, Principal, QueryResult, ReceiptStep } from '@plumbline/tools/contract'
import { toAppError } from '@plumbline/tools/errors'
import type { CompiledPlan } from '@plumbline/tools/plan'
import type { PrivateSession } from '@plumbline/tools/private-values'
import type { SqlDialect } from '@plumbline/tools/sql'
import type { Telemetry } from '@plumbline/tools/telemetry'
import { z } from 'zod'
import { type Budget, type ChatModel, type ModelUsage, privateModel } from '../models/index.ts'
import type { SourceKnowledge } from '../sources/source-knowledge.ts'

/** How one run of a step is told while it runs and when it is done. */
export interface StepTitle {
  readonly running: string
  readonly done: string
}

/**
 * One question at work: what the nodes need beside the state and what must not be checkpointed. It also collects the
 * receipt's steps, so that a node can not forget to report its time.
 */
export class AskRun {
  readonly steps: ReceiptStep[] = []
  /** What `run` brought back. It lives as long as the question: rows do not belong in a checkpoint. */
  result: QueryResult | null = null
  /** The plan as `write` compiled it; `explain` tells what its columns and filters mean. */
  compiled: CompiledPlan | null = null
  /** Queries that ran, and the rows that their sources said they read. */
  readonly counted = { queries: 0, rowsScanned: 0 }
  readonly principal: Principal
  /** What the person may see, and nothing else. */
  readonly sources: ReadonlyMap<string, SourceKnowledge>
  /** Fingerprint of what they may see. */
  readonly access: string
  /** Whether there is one, and which. Only `modelWithout` gives it. */
  readonly model: Pick<ChatModel, 'id'> | null
  readonly budget: Budget
  readonly signal: AbortSignal
  readonly maxRows: number
  readonly timeoutMs: number
  private readonly chat: ChatModel | null
  private readonly telemetry: Telemetry
  private readonly onEvent: (event: AskEvent) => void

  constructor(init: {
    principal: Principal
    sources: ReadonlyMap<string, SourceKnowledge>
    access: string
    model: ChatModel | null
    budget: Budget
    signal: AbortSignal
    maxRows: number
    timeoutMs: number
    telemetry: Telemetry
    onEvent: (event: AskEvent) => void
  }) {
    this.principal = init.principal
    this.sources = init.sources
    this.access = init.access
    this.model = init.model && { id: init.model.id }
    this.chat = init.model
    this.budget = init.budget
    this.signal = init.signal
    this.maxRows = init.maxRows
    this.timeoutMs = init.timeoutMs
    this.telemetry = init.telemetry
    this.onEvent = init.onEvent
  }

  /** The model, which gets none of the private values; null: there are none, and it gets what it is sent. */
  modelWithout(privates: PrivateSession | null, dialect: SqlDialect): ChatModel | null {
    return this.chat && privates ? privateModel(this.chat, privates, dialect) : this.chat
  }

  countQuery(estimate: Estimate | undefined): void {
    this.counted.queries++
    this.counted.rowsScanned += estimate?.rows ?? 0
  }

  emit(event: AskEvent): void {
    this.onEvent(event)
  }

  /**
   * Runs one node as a step of the receipt. `work` gets the step to add a detail or the model's usage. A clarifying
   * interrupt is a step that is done, not one that failed; the node runs again when the answer comes.
   */
  async step<T>(name: string, title: StepTitle, work: (step: StepReport) => Promise<T>): Promise<T> {
    this.signal.throwIfAborted()
    this.emit({ type: 'step-start', name, title: title.running })
    const startedAt = performance.now()
    const report = new StepReport()
    const end = (outcome: 'done' | 'failed') => {
      const ms = Math.round((performance.now() - startedAt) * 100) / 100
      const detail = report.detail === undefined ? {} : { detail: report.detail }
      this.steps.push({ name, title: title.done, ms, outcome, ...detail, ...report.usage })
      this.emit({ type: 'step-end', name, title: title.done, ms, outcome, ...detail })
    }
    try {
      const value = await this.telemetry.span(name, {}, () => work(report))
      end(report.failed ? 'failed' : 'done')
      return value
    } catch (error) {
      if (!isGraphBubbleUp(error)) report.detail = toAppError(error).message
      end(isGraphBubbleUp(error) ? 'done' : 'failed')
      throw error
    }
  }
}

export class StepReport {
  detail: string | undefined
  failed = false
  usage: { inputTokens?: number; outputTokens?: number; costUsd?: number } = {}

  charge(usage: ModelUsage, costUsd: number): void {
    this.usage = {
      inputTokens: (this.usage.inputTokens ?? 0) + usage.inputTokens,
      outputTokens: (this.usage.outputTokens ?? 0) + usage.outputTokens,
      costUsd: (this.usage.costUsd ?? 0) + costUsd,
    }
  }
}

/** Carries the run beside the state; LangGraph's `context` is not written to checkpoints. */
export const AskContextSchema = z.object({ run: z.custom<AskRun>((value) => value instanceof AskRun) })
export type AskGraphContext = z.infer<typeof AskContextSchema>

/** The run of a node's runtime. */
export function runOf(runtime: { context?: Partial<AskGraphContext> | undefined }): AskRun {
  const run = runtime.context?.run
  if (!run) throw new Error('The graph was invoked without its run: pass { context: { run } }')
  return run
}
