import { type Condition, joinPath, type PlanDimension, type PlanMeasure, type QueryPlan } from '@plumbline/tools/plan'
import { applyRanking } from './apply-ranking.ts'
import { baseEntity } from './base-entity.ts'
import { buildFilters, type Filters } from './build-filters.ts'
import type { Draft } from './draft.ts'
import { isNumeric } from './mention.ts'
import { conditionField } from './merge-conditions.ts'
import { defaultMeasure, measureOf, planMeasure } from './plan-measure.ts'
import { type PlanParts, pushDimension } from './plan-parts.ts'
import { relation } from './relation.ts'
import { askedColumns, displayColumns } from './row-columns.ts'
import { sameField } from './value-index.ts'
import type { Workbench } from './workbench.ts'

class Assembler implements PlanParts {
  readonly draft: Draft
  readonly bench: Workbench
  readonly measures: PlanMeasure[] = []
  readonly dimensions: PlanDimension[] = []
  readonly sort: QueryPlan['sort'] = []
  private nested: { fn: 'avg' | 'min' | 'max' | 'median' | 'sum' } | undefined
  limit: number | undefined
  perGroup: QueryPlan['perGroup']

  constructor(draft: Draft, bench: Workbench) {
    this.draft = draft
    this.bench = bench
  }

  build(): QueryPlan {
    const { draft, bench } = this
    for (const one of draft.measures) {
      const { measure, perGroup } = planMeasure(one, bench)
      this.measures.push(measure)
      if (perGroup !== undefined && perGroup !== 'count_distinct') this.nested = { fn: perGroup }
    }
    this.pendingAggregate()
    if (draft.counts && this.measures.length === 0) this.measures.push({ kind: 'count', entity: bench.base })
    const filters = buildFilters(draft, this.measures[0], bench)
    if (draft.relate) {
      const related = relation(draft, filters, bench)
      if (related) return related
      draft.unknown.push('relate')
    }
    for (const group of draft.groups) pushDimension(this.dimensions, bench.asDimension(group))
    this.listOrder()
    this.share(filters)
    if (draft.superlative) {
      const listed = applyRanking(this, filters)
      if (listed) return listed
    }
    this.impliedMeasure(filters)
    return this.measures.length > 0 ? this.grouped(filters) : this.detail(filters)
  }

  /** "the average by month" without a noun: of the only number named. */
  private pendingAggregate(): void {
    const { draft, bench } = this
    const noted = draft.notes.find((note) => note.startsWith('aggregate:'))
    if (noted === undefined) return
    const mention = [...draft.asked, ...draft.plain].find(isNumeric)
    const fn = noted.slice('aggregate:'.length)
    if (!mention) {
      if (fn === 'sum') return
      draft.unknown.push(fn === 'avg' ? 'average' : fn)
      return
    }
    const settled = bench.settle(mention)
    if (settled.kind === 'dimension' && ['avg', 'sum', 'min', 'max', 'median'].includes(fn)) {
      this.measures.push({ kind: 'aggregate', fn: fn as 'avg' | 'sum' | 'min' | 'max' | 'median', field: settled.ref })
    }
  }

  /** "list students by last name in alphabetical order": the group of a list that is given a direction is its order. */
  private listOrder(): void {
    const { draft } = this
    const noted = draft.notes.find((note) => note.startsWith('direction:'))
    if (!draft.listed || noted === undefined || this.measures.length > 0 || draft.superlative) return
    for (const mention of draft.groups)
      draft.sorts.push({ mention, direction: noted.endsWith('desc') ? 'desc' : 'asc' })
    this.dimensions.length = 0
  }

  private share(filters: Filters): void {
    const { draft, bench } = this
    if (!draft.share) return
    const [first] = this.measures
    const segments = draft.segments.filter((one) => one.share)
    const of: Condition[] = segments.flatMap(({ mention, negated }) =>
      mention.kind === 'segment'
        ? [{ kind: 'segment' as const, entity: mention.entity, name: mention.name, negated, asked: mention.text }]
        : [],
    )
    const bySegment = segments[0]?.mention
    const entity = bySegment?.kind === 'segment' ? bySegment.entity : bench.base
    if (of.length === 0 && filters.predicates.length > 0 && !first) of.push(...filters.predicates)
    else filters.values.push(...filters.predicates)
    // The words say what is in the share only after the noun: "share of flights by Delta", "what percentage left from X".
    if (of.length === 0 && this.dimensions.length === 0 && !first) {
      of.push(...filters.values, ...filters.others)
      filters.values = []
      filters.others = []
      if (of.length === 0) {
        of.push(...filters.times)
        filters.times = []
      }
    } else if (of.length === 0 && !first && filters.others.length > 0) {
      of.push(...filters.others)
      filters.others = []
    }
    if (of.length > 0) {
      const label = `share of ${bench.title(entity)} that are ${segments.map(({ mention, negated }) => `${negated ? 'not ' : ''}${mention.text}`).join(' and ')}`
      this.measures.length = 0
      this.measures.push({ kind: 'share', entity, of, ...(segments.length > 0 ? { label: label.toLowerCase() } : {}) })
      return
    }
    if (this.dimensions.length > 0 || draft.asked.length > 0) {
      this.measures.splice(0, 1, { kind: 'share-of-total', of: first ?? { kind: 'count', entity: bench.base } })
      return
    }
    if (!first || (first.kind !== 'measure' && first.kind !== 'share')) draft.unknown.push('share')
  }

  /** A number that is grouped or compared without an aggregate said. */
  private impliedMeasure(filters: Filters): void {
    const { draft, bench } = this
    if (this.measures.length > 0) return
    const numbers = [...draft.asked, ...draft.plain].filter(isNumeric).map((mention) => bench.settle(mention))
    const grouped = this.dimensions.length > 0 || draft.compare || filters.having.length > 0
    const having = filters.having[0]
    if (having) {
      this.measures.push(having.measure)
      return
    }
    if (grouped) {
      for (const number of numbers) {
        if (number.kind === 'dimension' && !filters.bounded.some((field) => sameField(field, number.ref)))
          this.measures.push(defaultMeasure(number.ref, bench))
      }
      const listing = draft.listed && [...draft.asked, ...draft.plain].some((mention) => mention.kind === 'dimension')
      if (this.measures.length === 0 && !listing) this.measures.push({ kind: 'count', entity: bench.base })
      return
    }
    // "what is the distance of flights to Boston": a number over many rows, not a list of them.
    const [only] = numbers
    const entityNamed = [...draft.asked, ...draft.plain].some((mention) => mention.kind === 'entity')
    const facts = bench.entity(bench.base)?.labelDimension === undefined
    if (
      !draft.listed &&
      only?.kind === 'dimension' &&
      facts &&
      !entityNamed &&
      !filters.bounded.some((field) => sameField(field, only.ref))
    ) {
      this.measures.push(defaultMeasure(only.ref, bench))
    }
  }

  base(filters: Filters): QueryPlan {
    return {
      base: this.bench.base,
      measures: this.measures,
      dimensions: this.dimensions,
      columns: [],
      distinct: false,
      filters: [...filters.values, ...filters.others, ...filters.times],
      having: filters.having,
      sort: this.sort,
      limit: this.limit ?? this.draft.limit,
      ...(this.perGroup === undefined ? {} : { perGroup: this.perGroup }),
    }
  }

  private grouped(filters: Filters): QueryPlan {
    const { draft, bench } = this
    const counts = filters.having.length > 0 || draft.superlative !== undefined || this.dimensions.length > 0
    for (const mention of draft.asked) {
      if (mention === draft.superlative?.group || mention === draft.superlative?.target) continue
      if (mention.kind === 'measure' || mention.kind === 'segment' || isNumeric(mention)) continue
      if (
        mention.kind === 'entity' &&
        mention.entity === bench.base &&
        bench.entity(bench.base)?.labelDimension === undefined
      )
        continue
      if (
        mention.kind === 'entity' &&
        this.measures.some((measure) => 'entity' in measure && measure.entity === mention.entity)
      )
        continue
      const said = draft.values.some((use) => use.beside.some((near) => near.text === mention.text))
      if (!said) pushDimension(this.dimensions, bench.asDimension(mention))
    }
    if (this.dimensions.length === 0 && filters.having.length > 0) {
      const subject = [...draft.plain].find(
        (mention) =>
          mention.kind === 'grain' ||
          mention.kind === 'part' ||
          (mention.kind === 'dimension' && !isNumeric(mention)) ||
          (mention.kind === 'entity' &&
            !filters.having.some((having) => 'entity' in having.measure && having.measure.entity === mention.entity)),
      )
      if (subject) pushDimension(this.dimensions, bench.asDimension(subject))
      else if (counts) draft.unknown.push(draft.bounds[0]?.text ?? 'more than')
    }
    if (this.limit !== undefined) this.knownOnly(filters)
    if (draft.compare) this.compare(filters)
    if (draft.when && draft.superlative) draft.unknown.push('when')
    if (draft.when && this.dimensions.length === 0)
      pushDimension(this.dimensions, bench.asDimension({ kind: 'grain', grain: 'day', text: 'when' }))
    this.sorts()
    if (this.nested) return this.overGroups(filters, this.nested.fn)
    return this.base(filters)
  }

  /** A key read from the many side may be empty there; nobody asks for the most frequent nothing. */
  private knownOnly(filters: Filters): void {
    const { bench } = this
    for (const { field } of this.dimensions) {
      const last = joinPath(bench.model, bench.base, field.entity, { via: field.via, single: true })?.at(-1)
      const column = bench.dimension(field)?.column ?? field.field
      if (last?.join.partial && last.join.on.some((pair) => pair.to === column)) {
        filters.others.push({ kind: 'null', field, negated: true })
      }
    }
  }

  /** Values named side by side are shown side by side. */
  private compare(filters: Filters): void {
    const several = filters.values.find(
      (condition) => condition.kind === 'in' && condition.values.length > 1 && !condition.negated,
    )
    const field = several ? conditionField(several) : undefined
    if (field) {
      pushDimension(this.dimensions, { field, byKey: false })
      return
    }
    const timed = filters.times.find((condition) => condition.kind === 'or')
    if (timed?.kind === 'or') {
      const [first] = timed.items
      if (first && 'field' in first)
        pushDimension(this.dimensions, { field: first.field, grain: 'month', byKey: false })
    }
  }

  private sorts(): void {
    const { draft, bench } = this
    for (const { mention, direction } of draft.sorts) {
      const settled = bench.settle(mention)
      const numeric =
        settled.kind === 'measure' ||
        settled.kind === 'entity' ||
        (settled.kind === 'dimension' && settled.dimension.kind === 'numeric')
      if (numeric) {
        const measure = measureOf(settled, bench)
        const at = this.measures.findIndex((known) => JSON.stringify(known) === JSON.stringify(measure))
        if (at < 0) this.measures.push(measure)
        this.sort.push({ by: { measure: at < 0 ? this.measures.length - 1 : at }, direction })
      } else if (settled.kind === 'dimension') this.sort.push({ by: { field: settled.ref }, direction })
      else draft.unknown.push(settled.text)
    }
    const noted = draft.notes.find((note) => note.startsWith('direction:'))
    if (noted !== undefined && draft.sorts.length === 0) {
      this.sort.push({ by: { dimension: 0 }, direction: noted.endsWith('desc') ? 'desc' : 'asc' })
    }
  }

  private overGroups(filters: Filters, fn: 'avg' | 'min' | 'max' | 'median' | 'sum'): QueryPlan {
    const plan = this.base(filters)
    const [of] = this.measures
    if (!of || this.dimensions.length === 0) {
      this.draft.unknown.push(fn === 'avg' ? 'average' : fn)
      return plan
    }
    const [per, ...rest] = this.dimensions
    // "average number of flights per day by airline": the first group is averaged over, the others stay.
    return { ...plan, measures: [{ kind: 'nested', fn, of, per: per ? [per] : [] }], dimensions: rest }
  }

  private detail(filters: Filters): QueryPlan {
    const { draft, bench } = this
    const asked = draft.asked.flatMap((mention) => (mention.kind === 'dimension' ? [mention.ref] : []))
    const columns = askedColumns(bench.base, draft, bench).filter(
      (column) =>
        asked.some((field) => sameField(field, column)) || !filters.bounded.some((field) => sameField(field, column)),
    )
    const shown = columns.length > 0 ? columns : displayColumns(bench.base, bench)
    const sort: QueryPlan['sort'] = []
    for (const { mention, direction } of draft.sorts) {
      const settled = bench.settle(mention)
      if (settled.kind === 'dimension') sort.push({ by: { field: settled.ref }, direction })
      else draft.unknown.push(settled.text)
    }
    const noted = draft.notes.find((note) => note.startsWith('direction:'))
    const [first] = shown
    if (noted !== undefined && sort.length === 0 && first)
      sort.push({ by: { field: first }, direction: noted.endsWith('desc') ? 'desc' : 'asc' })
    for (const group of this.dimensions)
      if (!shown.some((column) => sameField(column, group.field))) shown.unshift(group.field)
    const limit = draft.limit === undefined ? {} : { limit: draft.limit }
    const filtersAll = [...filters.values, ...filters.others, ...filters.times]
    // A categorical field of many rows is asked for its values, each once.
    const [column] = shown
    const repeats =
      shown.length === 1 &&
      columns.length > 0 &&
      column !== undefined &&
      bench.entity(column.entity)?.labelDimension !== column.field
    return {
      base: bench.base,
      measures: [],
      dimensions: [],
      columns: shown,
      distinct: draft.distinct || repeats,
      filters: filtersAll,
      having: [],
      sort,
      ...limit,
    }
  }
}

/** A draft as a plan. Whatever could not be placed is added to `draft.unknown`; asking back and refusing end it by Stop. */
export function assemble(draft: Draft, bench: Workbench): QueryPlan {
  bench.base = baseEntity(draft, bench).base
  // An ambiguous word may be what the base hangs on: settle it before anything else is tied to it.
  for (const mention of [
    ...draft.measures.map((one) => one.target),
    ...(draft.superlative?.target ? [draft.superlative.target] : []),
  ]) {
    if (mention.kind === 'ambiguity') {
      const settled = bench.settle(mention)
      if (settled.kind === 'dimension') bench.base = settled.ref.entity
    }
  }
  return new Assembler(draft, bench).build()
}
