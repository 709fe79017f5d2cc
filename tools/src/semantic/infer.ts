import type { ColumnType } from '../contract/column.ts'
import type { Dimension, DimensionKind, Entity, Join, SemanticModel } from './model.ts'
import { splitName } from './split-name.ts'

/** A bare table as a catalogue describes it. `keys.foreign` maps a column to `table.column`. */
export interface BareTable {
  name: string
  /** Natural-language name, when the source has one. */
  title?: string
  columns: { name: string; type: ColumnType; title?: string }[]
  rowCount?: number
  keys?: { primary?: string[]; foreign?: { column: string; table: string; references: string }[] }
}

const KEY_ENDING = /(^|[\s_])(id|code|key|uuid|no|nr)$/i
const LABEL_NAMES = ['name', 'title', 'full name', 'label', 'first name', 'last name', 'description']
const TIME_NAME = /(^|[\s_])(date|datetime|timestamp|time|day)([\s_]|$)|_at$|_on$/i

function kindOf(column: { name: string; type: ColumnType }, isKey: boolean): DimensionKind {
  if (isKey) return 'key'
  if (column.type === 'boolean') return 'boolean'
  if (column.type === 'date' || column.type === 'timestamp') return 'time'
  if (column.type === 'integer' || column.type === 'number') {
    return KEY_ENDING.test(splitName(column.name)) ? 'key' : 'numeric'
  }
  return 'categorical'
}

function safeName(name: string): string {
  return name.replaceAll('.', '_').slice(0, 128)
}

function dimensionOf(table: BareTable, column: BareTable['columns'][number]): Dimension {
  const foreign = table.keys?.foreign?.some((key) => key.column === column.name) ?? false
  const isKey = (table.keys?.primary?.includes(column.name) ?? false) || foreign
  const kind = kindOf(column, isKey)
  const words = column.title ?? splitName(column.name)
  const year = kind === 'numeric' && /(^|\s)year$/i.test(words)
  return {
    name: safeName(column.name),
    column: column.name,
    type: column.type,
    kind,
    label: words,
    synonyms: [],
    ...(year ? { format: 'year' as const } : {}),
    ...(kind === 'time' ? { grain: column.type === 'date' ? ('day' as const) : ('hour' as const) } : {}),
    searchable: column.type === 'string' && !TIME_NAME.test(column.name),
    values: [],
    cues: [],
    private: false,
  }
}

function labelOf(dimensions: Dimension[], title: string): string | undefined {
  const texts = dimensions.filter((dimension) => dimension.type === 'string')
  const own = title.toLowerCase().replace(/s$/, '')
  for (const wanted of LABEL_NAMES) {
    const found = texts.find((d) => [wanted, `${own} ${wanted}`].includes(d.label.toLowerCase()))
    if (found) return found.name
  }
  return texts.find((d) => /(^|\s)(name|title)$/i.test(d.label))?.name
}

function entityOf(table: BareTable): Entity {
  const dimensions = table.columns.map((column) => dimensionOf(table, column))
  const title = table.title ?? splitName(table.name)
  const times = dimensions.filter((dimension) => dimension.kind === 'time')
  const labelDimension = labelOf(dimensions, title)
  const guessed = dimensions.find((d) => /^id$/i.test(d.name)) ?? dimensions.find((d) => d.kind === 'key')
  return {
    name: safeName(table.name),
    table: table.name,
    title,
    synonyms: [],
    key: table.keys?.primary ?? (guessed ? [guessed.column ?? guessed.name] : []),
    ...(labelDimension === undefined ? {} : { labelDimension }),
    ...(times.length === 1 && times[0] ? { timeDimension: times[0].name } : {}),
    dimensions,
    measures: [],
    segments: [],
  }
}

function declaredJoins(tables: BareTable[]): Join[] {
  const names = new Set(tables.map((table) => table.name))
  return tables.flatMap((table) =>
    (table.keys?.foreign ?? [])
      .filter((key) => names.has(key.table))
      .map((key): Join => {
        const target = tables.find((other) => other.name === key.table)
        const primary = table.keys?.primary ?? []
        const unique = primary.length === 1 && primary[0] === key.column
        const twice = table.keys?.foreign?.filter((other) => other.table === key.table).length !== 1
        return {
          name: safeName(`${table.name}_${key.column}`),
          from: safeName(table.name),
          to: safeName(target?.name ?? key.table),
          on: [{ from: key.column, to: key.references }],
          cardinality: unique ? 'one-to-one' : 'many-to-one',
          ...(twice ? { role: splitName(key.column).replace(/\s(id|code)$/i, '') } : {}),
          synonyms: [],
          partial: false,
        }
      }),
  )
}

/** Without declared keys: a column `customer_id` points at the table whose single key has that name, or at `customers.id`. */
function guessedJoins(tables: BareTable[], entities: Entity[]): Join[] {
  const joins: Join[] = []
  for (const table of tables) {
    for (const column of table.columns) {
      for (const [index, target] of tables.entries()) {
        const entity = entities[index]
        const key = entity?.key.length === 1 ? entity.key[0] : undefined
        if (!entity || !key || target === table || !KEY_ENDING.test(splitName(column.name))) continue
        const singular = splitName(target.name).toLowerCase().replace(/s$/, '')
        const words = splitName(column.name).toLowerCase()
        const same = !/^id$/i.test(key) && words === splitName(key).toLowerCase()
        if (!same && words !== `${singular} ${splitName(key).toLowerCase()}`) continue
        joins.push({
          name: safeName(`${table.name}_${column.name}`),
          from: safeName(table.name),
          to: entity.name,
          on: [{ from: column.name, to: key }],
          cardinality: 'many-to-one',
          synonyms: [],
          partial: false,
        })
        break
      }
    }
  }
  return joins
}

/**
 * A draft model of tables about which nothing is known but names and types. The planner gives counts, the usual
 * aggregates of numeric columns and grouping by any column to every model, so no measure has to be written.
 */
export function inferSemanticModel(tables: BareTable[], name = 'source', zone = 'UTC'): SemanticModel {
  const entities = tables.map(entityOf)
  const declared = declaredJoins(tables)
  const joins = declared.length > 0 ? declared : guessedJoins(tables, entities)
  const unique = joins.filter((join, at) => joins.findIndex((other) => other.name === join.name) === at)
  return {
    name: safeName(name) || 'source',
    title: splitName(name) || name,
    zone,
    entities,
    joins: unique,
    ambiguities: [],
    verifiedQueries: [],
    suggestions: [],
  }
}
