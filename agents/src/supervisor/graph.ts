import { type BaseCheckpointSaver, END, START, StateGraph } from '@langchain/langgraph'
import { insightAgent } from '../insight/agent.ts'
import { mlAgent } from '../ml/agent.ts'
import { sqlAgent } from '../sql/graph.ts'
import { AskContextSchema } from './ask-run.ts'
import { route } from './nodes/route.ts'
import { ThreadState } from './thread-state.ts'

/** The supervisor: it chooses the agent and the source; the agents know nothing of one another. */
export function supervisorGraph(checkpointer: BaseCheckpointSaver) {
  return new StateGraph(ThreadState, AskContextSchema)
    .addNode('route', route)
    .addNode('sql', sqlAgent())
    .addNode('insight', insightAgent)
    .addNode('ml', mlAgent)
    .addEdge(START, 'route')
    .addConditionalEdges('route', (state) => state.agent, ['sql', 'insight', 'ml'])
    .addEdge('sql', END)
    .addEdge('insight', END)
    .addEdge('ml', END)
    .compile({ checkpointer })
}
export type SupervisorGraph = ReturnType<typeof supervisorGraph>
