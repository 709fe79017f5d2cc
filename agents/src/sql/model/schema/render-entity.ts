import type { CatalogTable } from '@plumbline/tools/contract'
import type { Dimension, Entity, Measure } from '@plumbline/tools/semantic'
import { terms } from './relevance.ts'

/** Values named for a dimension: the ones the question mentions, then the first ones. */
const MAX_VALUES = 12
const MAX_WORDS = 160

/** An entity with everything a query can name. `asked` picks the values worth showing. */
export function renderEntity(entity: Entity, table: CatalogTable | undefined, asked: ReadonlySet<string>): string {
  const visible = entity.dimensions.filter((dimension) => !dimension.private)
  const lines = [heading(entity)]
  const columns = bareColumns(entity, table)
  if (columns) lines.push(`  other columns: ${columns}`)
  for (const dimension of visible) lines.push(`  - ${renderDimension(dimension, asked)}`)
  for (const measure of entity.measures) lines.push(`  - measure ${renderMeasure(measure)}`)
  for (const { name, label, filter } of entity.segments) lines.push(`  - segment ${name} "${clip(label)}": ${filter}`)
  return lines.join('\n')
}

/** An entity by its name and the names of its parts. */
export function renderEntityBriefly(entity: Entity): string {
  const visible = entity.dimensions.filter((dimension) => !dimension.private)
  const names = [...visible, ...entity.measures].map((part) => part.name)
  return `${heading({ ...entity, synonyms: [], description: undefined })}: ${clip(names.join(', '), 240)}`
}

function heading({ name, table, title, description, synonyms }: Entity): string {
  const physical = table && table !== name ? ` (table ${table})` : ''
  const also = synonyms.length > 0 ? ` also called ${clip(synonyms.join(', '))}` : ''
  return `entity ${name}${physical} "${clip(title)}"${also}${description ? ` — ${clip(description)}` : ''}`
}

function renderDimension(dimension: Dimension, asked: ReadonlySet<string>): string {
  const { name, column, expression, type, kind, label, synonyms, unit, grain, zone, description } = dimension
  const source = expression ? ` = ${expression}` : column && column !== name ? ` = column ${column}` : ''
  const facts = [type, kind === 'categorical' ? '' : kind, grain ?? '', zone ?? '', unit ?? ''].filter((fact) => fact)
  const also = synonyms.length > 0 ? ` also ${clip(synonyms.join(', '))}` : ''
  const about = description ? ` — ${clip(description)}` : ''
  return `${name}${source} [${facts.join(', ')}] "${clip(label)}"${also}${about}${renderValues(dimension, asked)}`
}

function renderValues({ values }: Dimension, asked: ReadonlySet<string>): string {
  if (values.length === 0) return ''
  const mentioned = (entry: (typeof values)[number]) =>
    [String(entry.value), ...entry.synonyms].some((text) => terms(text).some((term) => asked.has(term)))
  const ordered = [...values.filter(mentioned), ...values.filter((entry) => !mentioned(entry))]
  const shown = ordered.slice(0, MAX_VALUES).map(({ value, synonyms }) => {
    const words = synonyms.length > 0 ? ` (${clip(synonyms.slice(0, 3).join(', '), 60)})` : ''
    return `${JSON.stringify(value)}${words}`
  })
  const rest = values.length - shown.length
  return ` values: ${shown.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`
}

function renderMeasure(measure: Measure): string {
  const { name, aggregate, column, expression, numerator, denominator, filter, label, synonyms, unit } = measure
  const of =
    aggregate === 'ratio'
      ? `rows with ${numerator ?? 'all'} / ${denominator ?? 'all rows'}`
      : (expression ?? column ?? '*')
  const only = filter ? ` where ${filter}` : ''
  const also = synonyms.length > 0 ? ` also ${clip(synonyms.join(', '))}` : ''
  return `${name} = ${aggregate}(${of})${only}${unit ? ` [${unit}]` : ''} "${clip(label)}"${also}`
}

/** Columns of the table that no dimension stands for: join keys mostly. Hidden ones stay hidden. */
function bareColumns(entity: Entity, table: CatalogTable | undefined): string {
  const known = new Set(entity.dimensions.map((dimension) => dimension.column ?? dimension.name))
  for (const { private: hidden, expression } of entity.dimensions) {
    if (!hidden) continue
    for (const [, column] of (expression ?? '').matchAll(/\{([^}]+)\}/g)) known.add(column as string)
  }
  return (table?.columns ?? [])
    .filter((column) => !known.has(column.name))
    .map((column) => `${column.name} ${column.type}`)
    .join(', ')
}

/** One line, and not a long one. */
function clip(text: string, max = MAX_WORDS): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > max ? `${line.slice(0, max - 1)}…` : line
}
