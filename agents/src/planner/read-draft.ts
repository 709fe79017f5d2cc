import type { CompareOperator, PlanAggregate } from '@plumbline/tools/plan'
import type { SemanticModel } from '@plumbline/tools/semantic'
import { chooseTarget, type Mentioned, type Wish } from './choose-target.ts'
import { type Bound, type Draft, emptyDraft, type Mention } from './draft.ts'
import type { Role } from './function-words.ts'
import type { Span } from './link.ts'
import { isNumeric, throughKey, unitWord } from './mention.ts'
import { SpanCursor } from './span-cursor.ts'

type Pending = {
  aggregates: PlanAggregate[]
  count: boolean
  amount: boolean
  group: boolean
  ask: boolean
  negated: boolean
  without: boolean
  sort: boolean
  comparator: { op: CompareOperator | 'between'; text: string; degrees?: Bound['degrees'] } | undefined
  number: number | undefined
}

const idle = (): Pending => ({
  aggregates: [],
  count: false,
  amount: false,
  group: false,
  ask: false,
  negated: false,
  without: false,
  sort: false,
  comparator: undefined,
  number: undefined,
})

const NEGATION: Record<CompareOperator, CompareOperator> = {
  '>': '<=',
  '>=': '<',
  '<': '>=',
  '<=': '>',
  '=': '<>',
  '<>': '=',
}

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
export class DraftReader {
  private readonly spans: readonly Span[]
  private readonly model: SemanticModel
  private readonly cursor: SpanCursor
  private readonly mentioned: Mentioned
  private readonly draft: Draft = emptyDraft()
  private pending: Pending = idle()
  /** What a following "and X" repeats. */
  private carry: { group: boolean; aggregates: PlanAggregate[]; ask: boolean } = {
    group: false,
    aggregates: [],
    ask: false,
  }
  private last: Mention | undefined
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
        if (this.yearBound(span)) return
        this.draft.times.push(span.meaning)
        if (span.meaning.kind === 'range' && span.meaning.assumption) this.draft.notes.push(span.meaning.assumption)
        this.settle()
        return
      case 'value':
      case 'text':
        this.onValue(span, at)
        return
      case 'number':
        this.onNumber(span, at)
        return
      case 'degree':
        this.onDegree(span)
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

  /** "built before 1990": a year that a numeric field holds is a number and no time of the rows. */
  private yearBound(span: Span & { type: 'time' }): boolean {
    const { last } = this
    const { meaning } = span
    if (last?.kind !== 'dimension' || last.dimension.kind !== 'numeric' || last.dimension.format !== 'year')
      return false
    if (
      meaning.kind !== 'range' ||
      !/\d{4}/.test(meaning.label) ||
      !/^(\d{4}-01-01)?(\d{4}-01-01)?$/.test(`${meaning.from ?? ''}${meaning.to ?? ''}`)
    )
      return false
    const bound = { percent: false, text: span.text, target: last }
    if (this.draft.groups.at(-1) === last) this.draft.groups.pop()
    const [first, next] = [Number(meaning.from?.slice(0, 4)), Number(meaning.to?.slice(0, 4))]
    if (next === first + 1) {
      this.draft.bounds.push({ ...bound, op: '=', value: first })
      return true
    }
    if (meaning.from !== undefined)
      this.draft.bounds.push({ ...bound, op: '>=', value: Number(meaning.from.slice(0, 4)) })
    if (meaning.to !== undefined) this.draft.bounds.push({ ...bound, op: '<', value: Number(meaning.to.slice(0, 4)) })
    return true
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
          draft.bounds.push({ ...this.boundBase(0, false), overall: role.fn, ...this.degreesOfPending() })
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
        return
      case 'not':
        pending.negated = true
        return
      case 'without':
        pending.without = true
        return
      case 'superlative':
        this.onSuperlative(span, role)
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

  private degreesOfPending(): { degrees?: NonNullable<Bound['degrees']> } {
    const degrees = this.pending.comparator?.degrees
    return degrees === undefined ? {} : { degrees }
  }

  private onSuperlative(span: Span & { type: 'role' }, role: Extract<Role, { tag: 'superlative' }>): void {
    const { draft, pending } = this
    const existing = draft.superlative
    // "top 5 products with the highest price": the second says what the first ranks by.
    if (existing && existing.wants === 'group' && !existing.target) {
      existing.direction = role.direction
      existing.wants = 'degree'
      existing.degrees = span.degrees
      return
    }
    if (existing) {
      draft.unknown.push(span.text)
      return
    }
    draft.superlative = {
      direction: role.direction,
      wants: role.wants,
      degrees: span.degrees,
      ...(pending.number === undefined ? {} : { n: pending.number }),
      ...(pending.number === undefined && draft.limit !== undefined ? { n: draft.limit } : {}),
    }
    const asked = draft.asked.at(-1)
    const owner = this.withOwner(span)
    if (owner && role.wants === 'degree') draft.superlative.group = owner
    else if (asked && (role.wants === 'degree' || role.wants === 'frequent')) draft.superlative.group = asked
    pending.number = undefined
  }

  /** "teachers with the lowest salary": the entity before "with". */
  private withOwner(span: Span): Mention | undefined {
    const owner = this.cursor.afterHaving(span) ? this.draft.plain.at(-1) : undefined
    return owner?.kind === 'entity' ? owner : undefined
  }

  private onDegree(span: Span & { type: 'degree' }): void {
    const { draft, pending } = this
    const [first] = span.degrees
    if (!first) return
    if (span.form === 'er') {
      const op = first.direction === 'desc' ? '>' : '<'
      const said = pending.negated ? NEGATION[op] : op
      pending.comparator = { op: said, text: span.text, degrees: span.degrees }
      pending.negated = false
      return
    }
    if (draft.superlative && draft.superlative.wants === 'group' && !draft.superlative.target) {
      draft.superlative = {
        ...draft.superlative,
        wants: 'adjective',
        degrees: span.degrees,
        direction: first.direction,
      }
      return
    }
    if (draft.superlative) {
      draft.unknown.push(span.text)
      return
    }
    draft.superlative = {
      direction: first.direction,
      wants: 'adjective',
      degrees: span.degrees,
      ...(pending.number === undefined ? {} : { n: pending.number }),
    }
    const asked = this.withOwner(span) ?? draft.asked.at(-1)
    if (asked && asked.kind !== 'dimension') draft.superlative.group = asked
    pending.number = undefined
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

  private boundBase(value: number, percent: boolean): Bound {
    const op = this.pending.comparator?.op ?? '='
    return {
      op: op === 'between' ? '>=' : op,
      value,
      percent,
      text: `${this.pending.comparator?.text ?? ''} ${value}`.trim(),
    }
  }

  private onNumber(span: Span & { type: 'number' }, at: number): void {
    const { draft, pending } = this
    const { superlative } = draft
    const comparator = pending.comparator
    if (comparator) {
      if (comparator.op === 'between') {
        const upper = this.spans[at + 2]
        if (this.cursor.role(at + 1)?.tag === 'and' && upper?.type === 'number') {
          draft.bounds.push({
            ...this.boundBase(span.value, span.percent),
            upper: upper.value,
            ...this.boundTarget(at + 2),
          })
        }
        return
      }
      draft.bounds.push({
        ...this.boundBase(span.value, span.percent),
        ...this.degreesOfPending(),
        ...this.boundTarget(at),
      })
      pending.comparator = undefined
      return
    }
    const previous = draft.bounds.at(-1)
    if (previous?.upper === span.value) {
      pending.comparator = undefined
      return
    }
    if (superlative && superlative.n === undefined && !superlative.target && !superlative.group) {
      superlative.n = span.value
      return
    }
    const following = this.spans[at + 1]
    const tag = this.cursor.role(at + 1)?.tag
    if (tag === 'superlative' || following?.type === 'degree') {
      pending.number = span.value
      return
    }
    if (tag === 'tail-comparator') {
      draft.bounds.push({ ...this.boundBase(span.value, span.percent), ...this.boundTarget(at) })
      return
    }
    // "which 3 months", "show 10 products"
    if (pending.ask && (following?.type === 'schema' || tag === 'grain' || tag === 'part')) {
      const named =
        following?.type === 'schema' ? chooseTarget(following, 'group', this.mentioned, this.model) : undefined
      if (named === undefined || !isNumeric(named)) {
        draft.limit = span.value
        return
      }
    }
    const before = this.spans[at - 1]
    if (
      before?.type === 'schema' ||
      (this.cursor.role(at - 1)?.tag === 'filler' && this.spans[at - 2]?.type === 'schema')
    ) {
      if (this.last && (this.last.kind === 'dimension' || isNumeric(this.last))) {
        draft.bounds.push({ ...this.boundBase(span.value, span.percent), target: this.last })
        return
      }
    }
    const target = this.boundTarget(at)
    if (target.target || target.unit) {
      const listing = this.cursor.role(at - 1)?.tag === 'list'
      if (listing && target.target?.kind === 'entity') draft.limit = span.value
      else draft.bounds.push({ ...this.boundBase(span.value, span.percent), ...target })
      return
    }
    if (draft.follow.has('only') || this.cursor.role(at - 1)?.tag === 'list') draft.limit = span.value
    else draft.unknown.push(span.text)
  }

  /** What stands after a number: "10 orders", "2000 miles", "3 engines". */
  private boundTarget(at: number): Pick<Bound, 'target' | 'unit'> {
    const next = this.spans[at + 1]
    const unit = next ? unitWord(next.text) : undefined
    if (unit !== undefined) return { unit }
    if (next?.type !== 'schema') return {}
    const target = chooseTarget(next, 'count', this.mentioned, this.model)
    return target ? { target } : {}
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
    if (draft.superlative && this.rank(mention)) return
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

  /** Gives a mention to the superlative, if it is what that waits for. */
  private rank(mention: Mention): boolean {
    const { pending, draft } = this
    const superlative = draft.superlative
    if (!superlative || superlative.target) return false
    const numeric = isNumeric(mention)
    const take = () => {
      superlative.target = mention
      superlative.counted = pending.count
      const [fn] = pending.aggregates
      if (fn !== undefined) superlative.aggregate = fn
      pending.count = false
      pending.aggregates = []
      pending.group = false
      return true
    }
    if (superlative.wants === 'degree' && !pending.group) {
      if (mention.verbal) return false
      if (mention.kind === 'grain' || mention.kind === 'part') return false
      // "the largest plane": the adjective says by what, the noun says which rows.
      if (
        mention.kind === 'entity' &&
        !pending.count &&
        superlative.degrees.some((degree) => degree.ref.entity === mention.entity)
      ) {
        superlative.wants = 'adjective'
        superlative.group = mention
        return true
      }
      return take()
    }
    // "the longest delay": the noun itself says what is long.
    if (superlative.wants === 'adjective' && numeric && !pending.group) {
      superlative.wants = 'degree'
      return take()
    }
    if (superlative.wants === 'group') {
      if (!superlative.group && !numeric) {
        superlative.group = mention
        return true
      }
      if (superlative.group && pending.group && (numeric || pending.count || mention.kind === 'entity')) return take()
      if (superlative.group && pending.group) {
        superlative.perGroup = true
        return false
      }
      if (!superlative.group && numeric) return take()
      return false
    }
    if (!superlative.group && !pending.group) {
      superlative.group = mention
      return true
    }
    return false
  }
}
