import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import { CHECKPOINT_SCHEMA } from './checkpoint-schema.ts'
import type { State } from './open-state.ts'

/**
 * The checkpointer of the graphs, set up. Compile with it and invoke with `durability: 'exit'`: a graph of nine nodes then
 * costs 8 ms more a question on the embedded state, against 15 ms with a write a node (measured, p50), and an interrupt is
 * kept all the same.
 */
export async function createCheckpointer(state: State): Promise<PostgresSaver> {
  const saver = new PostgresSaver(state.pool, undefined, { schema: CHECKPOINT_SCHEMA })
  await saver.setup()
  return saver
}
