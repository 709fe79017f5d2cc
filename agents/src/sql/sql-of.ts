/** The SQL that `write` left in the state. */
export function sqlOf(state: { sql: string | null }): string {
  if (state.sql === null) throw new Error('this node comes after write')
  return state.sql
}
