/** The tables of LangGraph stand apart in a schema of their own: the library migrates them itself. */
export const CHECKPOINT_SCHEMA = 'langgraph'
