/** The SQL that `write` left in the state. */
export function sqlOf(state: { query: string | null }): string {
  if (state.query === null) throw new Error('this node comes after write')
  return state.query
}
