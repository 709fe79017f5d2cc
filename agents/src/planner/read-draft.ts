import type { PlanAggregate } from '@plumbline/tools/plan'
import type { SemanticModel } from '@plumbline/tools/semantic'
import { chooseTarget, type Mentioned, type Wish } from './choose-target.ts'
import { type Draft, emptyDraft, type Mention } from './draft.ts'
import type { Span } from './link.ts'
import { isNumeric, throughKey, unitWord } from './mention.ts'
import { boundBase, degreesOfPending, readNumber, yearBound } from './read-bound.ts'
import { readDegree, readSuperlative, takeRanked } from './read-ranking.ts'
import { idle, NEGATION, type Pending, type ReaderState } from './reader-state.ts'
import { SpanCursor } from './span-cursor.ts'

/** Words that may stand between "not" and what it denies. */
const KEEPS_NEGATION = new Set([
  'filler',
  'or',
  'and',
  'preposition',
  'comparator',
  'verb',
  'having',
  'distinct',
  'of',
  'follow',
  'without',
  'not',
  'tail-comparator',
])

/** Reads the spans from left to right and notes what each word does to the next. */
export class DraftReader implements ReaderState {
  readonly spans: readonly Span[]
  readonly model: SemanticModel
  readonly cursor: SpanCursor
  readonly mentioned: Mentioned
  readonly draft: Draft = emptyDraft()
  pending: Pending = idle()
  /** What a following "and X" repeats. */
  private carry: { group: boolean; aggregates: PlanAggregate[]; ask: boolean } = {
    group: false,
    aggregates: [],
    ask: false,
  }
  last: Mention | undefined
  /** "in descending order of" says it before the field. */
  private sortDirection: 'asc' | 'desc' = 'asc'
  /** "what share of the flights ARE": what follows is said of them. */
  private copula = false
  /** Where the last group was named. */
  private grouped = -2

  constructor(spans: readonly Span[], model: SemanticModel) {
    this.spans = spans
    this.model = model
    this.cursor = new SpanCursor(spans, model)
    const entities = new Set<string>()
    for (const span of spans) {
      if (span.type !== 'schema') continue
      const best = Math.max(...span.matches.map((match) => match.score))
      for (const { target, score } of span.matches) {
        if (target.kind === 'entity' && score > best - 0.1) entities.add(target.entity)
      }
    }
    this.mentioned = { entities, owner: (span) => this.cursor.ownerOf(span) }
  }

  read(): Draft {
    for (let at = 0; at < this.spans.length; at++) this.span(at)
    if (this.pending.count) this.draft.counts = true
    if (this.pending.without) this.draft.unknown.push('without')
    if (this.pending.sort) this.draft.unknown.push('sorted by')
    this.dropNegation()
    if (this.pending.comparator?.degrees === undefined && this.pending.comparator && this.draft.bounds.length === 0) {
      this.draft.unknown.push(this.pending.comparator.text)
    }
    if (
      this.pending.aggregates.length > 0 &&
      this.draft.measures.length === 0 &&
      this.draft.superlative?.target === undefined
    ) {
      this.draft.notes.push(`aggregate:${this.pending.aggregates[0]}`)
    }
    return this.draft
  }

  private span(at: number): void {
    const span = this.spans[at]
    if (!span) return
    switch (span.type) {
      case 'role':
        this.onRole(span, at)
        return
      case 'time':
        if (yearBound(this, span)) return
        this.draft.times.push(span.meaning)
        if (span.meaning.kind === 'range' && span.meaning.assumption) this.draft.notes.push(span.meaning.assumption)
        this.settle()
        return
      case 'value':
      case 'text':
        this.onValue(span, at)
        return
      case 'number':
        readNumber(this, span, at)
        return
      case 'degree':
        readDegree(this, span)
        return
      case 'schema':
        this.onSchema(span, at)
        return
      case 'unknown':
        this.draft.unknown.push(span.text)
        if (
          this.cursor.isHead(at, this.draft.headUnknown) ||
          (this.cursor.role(at - 1)?.tag === 'preposition' && /^\p{Lu}/u.test(span.text))
        )
          this.draft.headUnknown = true
    }
  }

  /** A phrase ended: what waited for a field and got none no longer waits. */
  private settle(): void {
    this.pending.group = false
    this.dropNegation()
  }

  /** A negation that found nothing to negate is not understood; to forget it would turn the answer round. */
  private dropNegation(): void {
    if (this.pending.negated) this.draft.unknown.push('not')
    this.pending.negated = false
  }

  private onRole(span: Span & { type: 'role' }, at: number): void {
    const { role } = span
    const { pending, draft } = this
    const next = this.cursor.role(at + 1)?.tag
    if (pending.negated && !KEEPS_NEGATION.has(role.tag)) this.dropNegation()
    switch (role.tag) {
      case 'count':
        pending.count = true
        return
      case 'amount':
        pending.amount = true
        return
      case 'aggregate':
        if (pending.comparator) {
          draft.bounds.push({ ...boundBase(this, 0, false), overall: role.fn, ...degreesOfPending(this) })
          pending.comparator = undefined
        } else pending.aggregates.push(role.fn)
        return
      case 'distinct':
        draft.distinct = true
        return
      case 'group':
        // "taken by Anna", "ordered by customers": who does it, and no grouping.
        if (span.text.toLowerCase() === 'by' && this.cursor.afterVerb(at)) return
        // "top 5 destinations by number of flights": after a ranking, "by" names what it ranks by.
        if (
          span.text.toLowerCase() === 'by' &&
          draft.superlative?.group &&
          !draft.superlative.target &&
          draft.superlative.wants === 'group'
        )
          pending.count ||= false
        else if (
          draft.superlative?.target &&
          ['for each', 'per', 'of each', 'in each', 'each', 'for every', 'every'].includes(span.text.toLowerCase())
        )
          draft.superlative.perGroup = true
        pending.group = true
        return
      case 'which':
        // "students who …": a relative pronoun asks for nothing.
        if (this.spans[at - 1]?.type === 'schema') return
        pending.ask = true
        return
      case 'list':
        pending.ask = true
        draft.listed = true
        return
      case 'when':
        draft.when ||= at === 0
        return
      case 'share':
        draft.share = true
        return
      case 'compare':
        draft.compare = true
        return
      case 'relate':
        draft.relate = true
        draft.correlation ||= role.single === true
        draft.reversed ||= role.reversed === true
        return
      case 'not':
        pending.negated = true
        return
      case 'without':
        pending.without = true
        return
      case 'superlative':
        readSuperlative(this, span, role)
        return
      case 'comparator': {
        const negated = pending.negated && role.op !== 'between'
        pending.comparator = { op: negated && role.op !== 'between' ? NEGATION[role.op] : role.op, text: span.text }
        pending.negated = false
        return
      }
      case 'tail-comparator': {
        const bound = draft.bounds.at(-1)
        if (bound) bound.op = role.op
        else draft.unknown.push(span.text)
        return
      }
      case 'sort':
        if (this.cursor.passive(span, at)) draft.verbs.push(span.text)
        else pending.sort = true
        return
      case 'direction': {
        if (/ of$/i.test(span.text)) {
          pending.sort = true
          this.sortDirection = role.direction
          return
        }
        const sort = draft.sorts.at(-1)
        if (sort) sort.direction = role.direction
        else draft.notes.push(`direction:${role.direction}`)
        return
      }
      case 'grain':
      case 'part':
        this.mention(
          role.tag === 'grain'
            ? { kind: 'grain', grain: role.grain, text: span.text }
            : { kind: 'part', part: role.part, text: span.text },
          at,
        )
        return
      case 'unit': {
        const bound = draft.bounds.at(-1)
        if (bound && this.spans[at - 1]?.type === 'number') bound.unit ??= role.unit
        else draft.unknown.push(span.text)
        return
      }
      case 'and':
        if (this.carry.group && ['schema', 'role'].includes(this.spans[at + 1]?.type ?? '')) pending.group = true
        if (this.carry.aggregates.length > 0 && this.spans[at + 1]?.type === 'schema')
          pending.aggregates.push(...this.carry.aggregates)
        return
      case 'or':
        draft.either = true
        return
      case 'verb':
        draft.verbs.push(span.text)
        return
      case 'follow':
        draft.follow.add(role.how)
        return
      case 'than':
        if (pending.comparator === undefined && next !== 'aggregate') draft.unknown.push(span.text)
        return
      case 'having':
      case 'of':
      case 'preposition':
        this.carry = { group: false, aggregates: [], ask: false }
        return
      case 'filler':
        if (draft.share && ['is', 'are', 'was', 'were', 'did'].includes(span.text.toLowerCase()))
          this.copula ||= draft.plain.length + draft.asked.length > 0
        return
    }
  }

  private onValue(span: Span & { type: 'value' | 'text' }, at: number): void {
    const { draft, pending } = this
    const cues = this.spans.slice(Math.max(0, at - 3), at).map((before) => before.text.toLowerCase())
    const beside: Mention[] = []
    for (const neighbour of [this.cursor.nameBefore(at), at + 1]) {
      const near = this.spans[neighbour]
      if (near?.type !== 'schema') continue
      for (const match of near.matches) {
        if (match.score >= 0.9) beside.push({ ...match.target, text: near.text })
      }
    }
    draft.values.push({
      text: span.text,
      matches: span.type === 'value' ? span.matches : [],
      negated:
        pending.negated || pending.without || (this.cursor.continuesValue(at) && draft.values.at(-1)?.negated === true),
      predicate: this.copula,
      cues,
      beside,
      ...(span.type === 'text' ? { literal: true } : {}),
    })
    if (span.type === 'value' && span.matches.every((match) => match.how === 'similar')) draft.doubt += 0.08
    pending.group = false
    pending.without = false
    pending.negated = false
    // "ordered by Anna": a comparator or "by" before a value is no grouping.
    pending.sort = false
  }

  private onSchema(span: Span & { type: 'schema' }, at: number): void {
    const { pending, draft } = this
    const best = Math.max(...span.matches.map((match) => match.score))
    if (best < 0.9) {
      draft.doubt += 0.12
      draft.notes.push(`typo:${span.text}`)
    }
    const ranking = draft.superlative && !draft.superlative.target
    const wish: Wish = pending.group
      ? draft.superlative?.group && !draft.superlative.target
        ? 'number'
        : 'group'
      : pending.aggregates.length > 0 || pending.amount || pending.sort
        ? 'number'
        : pending.count
          ? 'count'
          : ranking && draft.superlative?.wants === 'degree'
            ? 'number'
            : draft.relate
              ? 'number'
              : pending.ask
                ? 'group'
                : 'any'
    const mention = chooseTarget(span, wish, this.mentioned, this.model)
    const verbal = mention?.kind === 'entity' && best === 0.9
    if (mention) this.mention({ ...mention, plural: span.plural, ...(verbal ? { verbal } : {}) }, at)
  }

  /** A thing was named: give it to whatever waits for it. */
  private mention(mention: Mention, at: number): void {
    const { pending, draft } = this
    this.last = mention
    const consumedBound = draft.bounds.at(-1)
    if (
      consumedBound?.target &&
      this.spans[at]?.type === 'schema' &&
      this.spans[at - 1]?.type === 'number' &&
      consumedBound.target.text === mention.text
    ) {
      if (mention.kind === 'entity') draft.plain.push(mention)
      return
    }
    // The unit of a number was taken with the number.
    if (
      this.spans[at - 1]?.type === 'number' &&
      unitWord(this.spans[at]?.text ?? '') !== undefined &&
      consumedBound?.unit !== undefined
    )
      return
    const group = draft.groups.at(-1)
    if (this.grouped === at - 1 && group && mention.kind === 'dimension' && !pending.group) {
      const through = throughKey(group, mention, this.model)
      if (through) {
        draft.groups[draft.groups.length - 1] = through
        return
      }
    }
    if (mention.kind === 'segment') {
      const share = draft.share && !draft.segments.some((segment) => segment.share)
      draft.segments.push({ mention, negated: pending.negated, share })
      pending.negated = false
      return
    }
    // "that do not have the status X": the value is denied, not the field.
    const denied = mention.kind === 'dimension' && ['value', 'text'].includes(this.spans[at + 1]?.type ?? '')
    if (pending.without && denied) return
    if (pending.without || (pending.negated && mention.kind === 'entity')) {
      draft.related.push({ mention, negated: true })
      pending.without = false
      pending.negated = false
      return
    }
    if (pending.sort) {
      draft.sorts.push({ mention, direction: this.sortDirection })
      this.sortDirection = 'asc'
      pending.sort = false
      pending.group = false
      return
    }
    if (draft.superlative && takeRanked(this, mention)) return
    if (pending.group) {
      pending.group = false
      if (!(isNumeric(mention) && pending.aggregates.length > 0)) {
        this.carry = { group: true, aggregates: [], ask: false }
        draft.groups.push(mention)
        this.grouped = at
        return
      }
    }
    if (
      pending.aggregates.length > 0 &&
      (isNumeric(mention) || pending.count || mention.kind === 'entity' || mention.kind === 'dimension')
    ) {
      for (const fn of pending.aggregates)
        draft.measures.push({ kind: 'aggregate', fn, target: mention, counted: pending.count })
      this.carry = { group: false, aggregates: pending.count ? [] : [...pending.aggregates], ask: false }
      pending.aggregates = []
      pending.count = false
      pending.ask = false
      return
    }
    if (pending.amount && isNumeric(mention)) {
      draft.measures.push({ kind: 'aggregate', fn: 'sum', target: mention, counted: false })
      pending.amount = false
      return
    }
    if (pending.count || (pending.amount && mention.kind === 'entity')) {
      if (mention.kind === 'grain' || mention.kind === 'part') {
        draft.unknown.push(mention.text)
        return
      }
      pending.ask = false
      draft.measures.push(
        mention.kind === 'measure'
          ? { kind: 'named', target: mention }
          : { kind: 'count', target: mention, distinct: draft.distinct },
      )
      pending.count = false
      return
    }
    if (mention.kind === 'measure') {
      draft.measures.push({ kind: 'named', target: mention })
      return
    }
    if (
      (mention.kind === 'grain' || mention.kind === 'part') &&
      !pending.ask &&
      !/ly$|trend|over|by/i.test(mention.text)
    ) {
      draft.plain.push(mention)
      return
    }
    if (mention.kind === 'grain' && !pending.ask) {
      draft.groups.push(mention)
      return
    }
    if (pending.ask) {
      draft.asked.push(mention)
      // "which airline had": what follows the noun is no longer asked for; "name and age of" is.
      const follows = this.cursor.role(at + 1)?.tag
      pending.ask = follows === 'and'
      return
    }
    draft.plain.push(mention)
  }
}
