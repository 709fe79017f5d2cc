import type { Cell } from '@plumbline/tools/contract'
import type { ValueIndex } from '../planner/index.ts'

export interface LinkedValue {
  readonly asked: string
  readonly value: Cell
}

/**
 * Words of the question that are values in the data, longest first and without overlap. It only tells what was found; the
 * planner decides what a word means where it stands.
 */
export function linkValues(question: string, values: ValueIndex): LinkedValue[] {
  const words = question.match(/[\p{L}\p{N}][\p{L}\p{N}'’.&-]*/gu) ?? []
  const linked: LinkedValue[] = []
  for (let at = 0; at < words.length; ) {
    const found = longestAt(words, at, values)
    if (found) linked.push(found)
    at += found ? found.asked.split(' ').length : 1
  }
  return linked
}

function longestAt(words: readonly string[], at: number, values: ValueIndex): LinkedValue | null {
  for (let length = Math.min(values.longest, words.length - at); length > 0; length--) {
    const asked = words.slice(at, at + length).join(' ')
    // "in", "or" and "me" are codes of places, but a person who means a code writes it large.
    if (asked.length <= 2 && asked !== asked.toUpperCase()) continue
    const [match] = values.lookup(asked)
    if (match) return { asked, value: match.value }
  }
  return null
}
