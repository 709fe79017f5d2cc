import type { SemanticModel } from '@plumbline/tools/semantic'
import type { Role } from './function-words.ts'
import type { Span } from './link.ts'
import { schemaLexicon } from './schema-lexicon.ts'

/** Looks around in the spans of a question; knows nothing of what was read so far. */
export class SpanCursor {
  readonly spans: readonly Span[]
  private readonly model: SemanticModel

  constructor(spans: readonly Span[], model: SemanticModel) {
    this.spans = spans
    this.model = model
  }

  role(at: number): Role | undefined {
    const span = this.spans[at]
    return span?.type === 'role' ? span.role : undefined
  }

  entityIn(span: Span | undefined): string | undefined {
    if (span?.type !== 'schema') return undefined
    const found = span.matches.find((match) => match.target.kind === 'entity')
    return found?.target.kind === 'entity' ? found.target.entity : undefined
  }

  /** "age of the students", "the students' age", "students with age": the entity next to a field. */
  ownerOf(span: Span): string | undefined {
    const at = this.spans.indexOf(span)
    for (let next = at + 1; next < Math.min(at + 9, this.spans.length); next++) {
      const role = this.role(next)
      const here = this.spans[next]
      const passes = ['of', 'filler', 'and', 'group', 'preposition', 'distinct', 'not', 'count'].includes(
        role?.tag ?? '',
      )
      const entity = this.entityIn(here)
      if (entity !== undefined) return entity
      if (!passes && here?.type !== 'schema') break
    }
    for (let back = at - 1; back >= Math.max(0, at - 4); back--) {
      const entity = this.entityIn(this.spans[back])
      if (entity !== undefined) return entity
    }
    return undefined
  }

  /** Right after "how many", "average", "which" or at the very start. */
  isHead(at: number, headUnknown: boolean): boolean {
    for (let back = at - 1; back >= 0; back--) {
      const tag = this.role(back)?.tag
      if (tag === 'filler' || tag === 'of' || tag === 'distinct') continue
      if (this.spans[back]?.type === 'unknown') return headUnknown
      return ['count', 'aggregate', 'amount', 'which', 'list', 'share'].includes(tag ?? '')
    }
    return true
  }

  afterVerb(at: number): boolean {
    const before = this.spans[at - 1]
    if (this.role(at - 1)?.tag === 'verb') return true
    if (before?.type !== 'schema') return false
    const verbal = before.matches.every((match) => match.score <= 0.9) || /(ed|wn|en)$/i.test(before.text)
    return verbal && before.matches.some((match) => match.target.kind === 'entity')
  }

  /** "products ordered by customers": a verb that the model has a noun for, before someone who does it. */
  passive(span: Span, at: number): boolean {
    const next = this.spans[at + 1]
    const doer = next?.type === 'value' || this.entityIn(next) !== undefined
    const verb = span.text.toLowerCase().replace(/ by$/, '')
    return (
      doer &&
      schemaLexicon(this.model)
        .match([verb])
        .some((match) => match.target.kind === 'entity')
    )
  }

  /** The schema word a value belongs to: "award that is not X", "made by X", "students of X". */
  nameBefore(at: number): number {
    let back = at - 1
    while (back > at - 6) {
      const tag = this.role(back)?.tag
      const passes = ['filler', 'preposition', 'of', 'not', 'which', 'comparator'].includes(tag ?? '')
      if (!passes && !(tag === 'group' && this.spans[back]?.text.toLowerCase() === 'by')) return back
      back -= 1
    }
    return back
  }

  /** "A or B", where A is a value too. */
  continuesValue(at: number): boolean {
    const tag = this.role(at - 1)?.tag
    return (tag === 'or' || tag === 'and') && this.spans[at - 2]?.type === 'value'
  }

  /** "X with the lowest Y", seen from "lowest". */
  afterHaving(span: Span): boolean {
    let back = this.spans.indexOf(span) - 1
    while (this.role(back)?.tag === 'filler') back -= 1
    return this.role(back)?.tag === 'having'
  }
}
