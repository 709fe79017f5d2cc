import type { Ambiguity, Dimension, Entity, Join, Measure, SemanticModel } from '../semantic/index.ts'
import { hiddenWords } from './hidden-words.ts'
import type { SourceAccess } from './source-access.ts'
import { type VisibleColumn, visibleColumns } from './visible-columns.ts'

interface Table {
  readonly name: string
  readonly columns: readonly { readonly name: string }[]
}

/** Whether a value that the model names is one that the person finds in the rows they may see. */
export type KeepsValue = (table: string, column: string, value: string | number | boolean) => boolean

/**
 * The semantic model as this person may know it: entities, fields, joins, values and words that rest on hidden tables or columns
 * are gone, and so is every text that names one. Null when nothing is left. Texts are dropped whole: a half sentence can still
 * tell what is hidden.
 */
export function governModel(
  model: SemanticModel,
  access: SourceAccess,
  tables: readonly Table[],
  keepsValue: KeepsValue,
): SemanticModel | null {
  if (access.unrestricted) return model
  const kept = model.entities.flatMap((entity) => {
    const seen = seenTable(entity, access, tables)
    const governed = seen && governEntity(entity, seen, keepsValue)
    return governed ? [{ entity, seen, governed }] : []
  })
  if (kept.length === 0) return null
  const names = hiddenWords(
    model,
    tables,
    kept.map(({ governed, seen }) => ({ governed, columns: seen.names })),
  )
  const entities = kept.map(({ governed }) => withoutTexts(governed, names))
  const byName = new Map(kept.map((one) => [one.entity.name, one]))
  const joins = model.joins.filter((join) => keepsJoin(join, byName))
  // What is true of all rows (“all 336,776 flights”) is not of the rows that a filter leaves.
  const { description: _, ...head } = model
  return {
    ...head,
    entities,
    joins,
    ambiguities: model.ambiguities.flatMap((ambiguity) => keptChoices(ambiguity, entities, names)),
    // A verified query was verified on other rows, and its words may name a value that is hidden.
    verifiedQueries: [],
    suggestions: suggestionsFor(entities),
  }
}

interface SeenTable {
  readonly name: string
  readonly filtered: boolean
  readonly columns: ReadonlyMap<string, VisibleColumn<{ readonly name: string }>>
  readonly names: ReadonlySet<string>
}

function seenTable(entity: Entity, access: SourceAccess, tables: readonly Table[]): SeenTable | null {
  const name = entity.table ?? entity.name
  const own = access.table(name)
  const table = tables.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (!own || !table) return null
  const columns = new Map(visibleColumns(own, table.columns).map((seen) => [seen.column.name.toLowerCase(), seen]))
  return { name, filtered: own.filters.length > 0, columns, names: new Set(columns.keys()) }
}

function governEntity(entity: Entity, seen: SeenTable, keepsValue: KeepsValue): Entity | null {
  const reads = columnReader(entity)
  const visible = (sql: string | undefined) => sql === undefined || reads(sql).every((name) => seen.columns.has(name))
  const columnOf = (dimension: Dimension) => (dimension.column ?? dimension.name).toLowerCase()
  const dimensions = entity.dimensions
    .filter((one) => (one.expression === undefined ? seen.columns.has(columnOf(one)) : visible(one.expression)))
    .filter((one) => Object.values(one.parts ?? {}).every(visible))
    .map((one): Dimension => {
      const masked =
        one.expression === undefined
          ? seen.columns.get(columnOf(one))?.mask !== undefined
          : reads(one.expression).some((name) => seen.columns.get(name)?.mask !== undefined)
      // A masked value is none that a person would name, so there is nothing to match.
      if (masked) return { ...one, values: [], searchable: false }
      if (!seen.filtered) return one
      return { ...one, values: one.values.filter(({ value }) => keepsValue(seen.name, columnOf(one), value)) }
    })
  const measures = entity.measures.filter((one) => measureSql(one).every(visible))
  const segments = entity.segments.filter((one) => visible(one.filter))
  if (dimensions.length === 0 && measures.length === 0) return null
  const there = (name: string | undefined) => dimensions.some((one) => one.name === name)
  const { labelDimension, timeDimension, description, ...rest } = entity
  return {
    ...rest,
    ...(labelDimension && there(labelDimension) ? { labelDimension } : {}),
    ...(timeDimension && there(timeDimension) ? { timeDimension } : {}),
    ...(description && !seen.filtered ? { description } : {}),
    key: entity.key.every((name) => seen.columns.has(name.toLowerCase())) ? entity.key : [],
    dimensions,
    measures,
    segments,
  }
}

function measureSql({ column, expression, filter, numerator, denominator }: Measure): string[] {
  return [column === undefined ? undefined : `{${column}}`, expression, filter, numerator, denominator].filter(
    (sql) => sql !== undefined,
  )
}

/** The physical columns, in lower case, that an SQL of the model reads: `{x}` is a column or another dimension. */
function columnReader(entity: Entity): (sql: string) => string[] {
  const dimensions = new Map(entity.dimensions.map((one) => [one.name.toLowerCase(), one]))
  const read = (sql: string, within: ReadonlySet<string>): string[] =>
    [...sql.matchAll(/\{([^}]+)\}/g)].flatMap(([, raw = '']) => {
      const name = raw.toLowerCase()
      const dimension = within.has(name) ? undefined : dimensions.get(name)
      if (dimension?.expression) return read(dimension.expression, new Set([...within, name]))
      return [(dimension?.column ?? raw).toLowerCase()]
    })
  return (sql) => read(sql, new Set())
}

/** A join holds when both its ends are seen, and as they are: masked values do not meet. */
function keepsJoin(join: Join, kept: ReadonlyMap<string, { entity: Entity; seen: SeenTable }>): boolean {
  const plain = (side: 'from' | 'to') => {
    const one = kept.get(join[side])
    if (!one) return false
    const reads = columnReader(one.entity)
    return join.on.every((pair) =>
      reads(`{${pair[side]}}`).every((name) => {
        const column = one.seen.columns.get(name)
        return column !== undefined && column.mask === undefined
      }),
    )
  }
  return plain('from') && plain('to')
}

function withoutTexts(entity: Entity, names: (text: string) => boolean): Entity {
  const clean = <Part extends { description?: string | undefined }>(part: Part): Part => {
    if (part.description === undefined || !names(part.description)) return part
    const { description: _, ...rest } = part
    return rest as Part
  }
  return {
    ...clean(entity),
    dimensions: entity.dimensions.map(clean),
    measures: entity.measures.map(clean),
    segments: entity.segments.map(clean),
  }
}

function keptChoices(ambiguity: Ambiguity, entities: readonly Entity[], names: (text: string) => boolean): Ambiguity[] {
  const there = (target: string) => {
    const [name, field] = target.split('.', 2)
    const entity = entities.find((one) => one.name === name)
    return entity && [...entity.dimensions, ...entity.measures, ...entity.segments].some((part) => part.name === field)
  }
  const choices = ambiguity.choices.filter(
    ({ target, label, description }) => there(target) && !names(`${label} ${description ?? ''}`),
  )
  return choices.length < 2 || names(ambiguity.prompt) ? [] : [{ ...ambiguity, choices }]
}

/** Questions made of what is left: those that were written may name what is hidden. */
function suggestionsFor(entities: readonly Entity[]): string[] {
  return entities.slice(0, 4).flatMap((entity) => {
    const by = entity.dimensions.find((one) => one.kind === 'categorical' && !one.private)
    const measure = entity.measures.find((one) => one.aggregate !== 'count')
    return [
      `How many ${entity.title} are there?`,
      ...(by ? [`number of ${entity.title} by ${by.label}`] : []),
      ...(by && measure ? [`${measure.label} by ${by.label}`] : []),
    ]
  })
}
