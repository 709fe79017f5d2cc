import { END, START, StateGraph } from '@langchain/langgraph'
import { AskContextSchema } from '../supervisor/ask-run.ts'
import { ThreadState, type ThreadStateValue } from '../supervisor/thread-state.ts'
import { askApproval } from './nodes/ask-approval.ts'
import { askBack } from './nodes/ask-back.ts'
import { check } from './nodes/check.ts'
import { explain } from './nodes/explain.ts'
import { link } from './nodes/link.ts'
import { plan } from './nodes/plan.ts'
import { recall } from './nodes/recall.ts'
import { repair } from './nodes/repair.ts'
import { run } from './nodes/run.ts'
import { write } from './nodes/write.ts'

/**
 * recall → link → plan → write → check → run → explain, with repair where the database says no, and a pause where the query is
 * over a budget that somebody may lift.
 */
export function sqlAgent() {
  return new StateGraph(ThreadState, AskContextSchema)
    .addNode('recall', recall)
    .addNode('link', link)
    .addNode('plan', plan)
    .addNode('write', write)
    .addNode('check', check)
    .addNode('run', run)
    .addNode('repair', repair)
    .addNode('ask_back', askBack)
    .addNode('ask_approval', askApproval)
    .addNode('explain', explain)
    .addEdge(START, 'recall')
    .addConditionalEdges('recall', afterRecall, ['write', 'link', END])
    .addEdge('link', 'plan')
    .addConditionalEdges('plan', afterDraft, ['write', 'ask_back', END])
    .addEdge('ask_back', 'plan')
    .addConditionalEdges('write', repairOr('check'), ['check', 'repair'])
    .addConditionalEdges('check', repairOr('run'), ['run', 'repair'])
    .addConditionalEdges('run', afterRun, ['explain', 'repair', 'ask_approval', END])
    .addConditionalEdges('ask_approval', (state) => (state.outcome ? END : 'write'), ['write', END])
    .addConditionalEdges('repair', afterDraft, ['write', 'ask_back', END])
    .addEdge('explain', END)
    .compile()
}

const afterRecall = (state: ThreadStateValue) => (state.outcome ? END : state.draft ? 'write' : 'link')
const afterDraft = (state: ThreadStateValue) => (state.outcome ? END : state.clarification ? 'ask_back' : 'write')
const afterRun = (state: ThreadStateValue) => {
  if (state.outcome) return END
  if (state.pause) return 'ask_approval'
  return state.failure ? 'repair' : 'explain'
}
const repairOr =
  <Next extends string>(next: Next) =>
  (state: ThreadStateValue) =>
    state.failure ? 'repair' : next
