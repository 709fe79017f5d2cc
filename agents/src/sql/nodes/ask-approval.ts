import { type GraphNode, interrupt } from '@langchain/langgraph'
import type { ApprovalDecision, ApprovalPause } from '../../supervisor/approval-pause.ts'
import { runOf } from '../../supervisor/ask-run.ts'
import type { ThreadState } from '../../supervisor/thread-state.ts'

/**
 * Suspends the thread until somebody has decided. What was approved is compiled and run anew, by the rules of that moment; the
 * gate holds it against the approval.
 */
export const askApproval: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const { pause } = state
  if (!pause) throw new Error('ask_approval comes after a query over the budget')
  const title = { running: 'Waiting for an approval', done: 'Asked for an approval' }
  return runOf(runtime).step('approval', title, async (step) => {
    step.detail = pause.message
    const decision = interrupt<ApprovalPause, ApprovalDecision>(pause)
    const why = decision.comment ? `: ${decision.comment}` : ''
    if (decision.approved) {
      step.detail = `approved by ${decision.by}${why}`
      return { pause: null, failure: null }
    }
    step.detail = `declined by ${decision.by}${why}`
    const text = `${decision.by} declined this query${why || '.'}\n\n${pause.message}`
    return { pause: null, outcome: { status: 'refused' as const, text, suggestions: [] } }
  })
}
