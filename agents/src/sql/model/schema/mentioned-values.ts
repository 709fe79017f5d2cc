import type { SemanticModel } from '@plumbline/tools/semantic'
import { terms } from './relevance.ts'

const MAX = 20

/**
 * The written values that a question names, by themselves or by a synonym: "Boston" → `flights.dest = "BOS" (Boston)`.
 * The schema shows the first values of a dimension only, and the same ones for every question so that it can be cached.
 */
export function mentionedValues(model: SemanticModel, question: string): string[] {
  const asked = new Set(terms(question))
  const found: string[] = []
  for (const entity of model.entities) {
    for (const dimension of entity.dimensions) {
      if (dimension.private) continue
      for (const { value, synonyms } of dimension.values) {
        const named = [String(value), ...synonyms].find((text) => {
          const words = terms(text)
          return words.length > 0 && words.every((word) => asked.has(word))
        })
        if (named !== undefined) found.push(`${entity.name}.${dimension.name} = ${JSON.stringify(value)} (${named})`)
        if (found.length === MAX) return found
      }
    }
  }
  return found
}
