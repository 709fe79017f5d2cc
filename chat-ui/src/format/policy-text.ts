/** A policy of a receipt as sent, "Some rows of flights are hidden (own-airport)", with its id apart. */
export function policyText(policy: string): { words: string; id: string } {
  const [, words, id] = /^(.+) \(([a-z0-9][a-z0-9-]*)\)$/s.exec(policy) ?? []
  return words === undefined || id === undefined ? { words: policy, id: '' } : { words, id }
}
