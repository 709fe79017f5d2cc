import type { Entity, SemanticModel } from '../semantic/index.ts'

interface Table {
  readonly name: string
  readonly columns: readonly { readonly name: string }[]
}

interface Kept {
  readonly governed: Entity
  /** Visible columns in lower case. */
  readonly columns: ReadonlySet<string>
}

/**
 * Whether a text names something that is hidden: a table, a column, or a value of the model that the person does not find in
 * their rows. Words that also name something visible do not count: `name` of one table is no secret of another.
 */
export function hiddenWords(
  model: SemanticModel,
  tables: readonly Table[],
  kept: readonly Kept[],
): (text: string) => boolean {
  const visible = new Set(
    kept
      .flatMap(({ governed, columns }) => [
        governed.name,
        governed.table ?? governed.name,
        governed.title,
        ...columns,
        ...fieldsOf(governed),
        ...valuesOf(governed),
      ])
      .map(folded),
  )
  const all = [
    ...tables.flatMap((table) => [table.name, ...table.columns.map((column) => column.name)]),
    ...model.entities.flatMap((entity) => [entity.name, entity.title, ...fieldsOf(entity), ...valuesOf(entity)]),
  ]
  const hidden = new Set(all.map(folded).filter((word) => word.length > 1 && !visible.has(word)))
  return (text) => {
    const padded = ` ${folded(text)} `
    return [...hidden].some((word) => padded.includes(` ${word} `))
  }
}

const fieldsOf = (entity: Entity) => [
  ...entity.dimensions.map((one) => one.name),
  ...entity.measures.map((one) => one.name),
  ...entity.segments.map((one) => one.name),
]

const valuesOf = (entity: Entity) =>
  entity.dimensions.flatMap((one) => one.values.flatMap(({ value, synonyms }) => [String(value), ...synonyms]))

/** Words in small letters, one space between them: `dep_delay`, “Dep. delay” and `DEP-DELAY` are the same. */
const folded = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
