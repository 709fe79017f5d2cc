import type { Column, QueryResult } from '@plumbline/tools/contract'
import type { SemanticModel } from '@plumbline/tools/semantic'

/**
 * Labels for the columns of SQL that no plan stands behind, by name: a column called like a measure or a dimension of the
 * model gets its label, unit and format. A name with two meanings in the model is left plain.
 */
export function labelColumns(bare: QueryResult['columns'], model: SemanticModel): Column[] {
  return bare.map((column) => {
    const plain: Column = { ...column, label: column.name.replaceAll('_', ' ') }
    const measures = model.entities.flatMap((e) => e.measures).filter((m) => m.name === column.name)
    const dimensions = model.entities.flatMap((e) => e.dimensions).filter((d) => (d.column ?? d.name) === column.name)
    const [known, other] = [...measures, ...dimensions]
    if (!known || other) return plain
    const role =
      measures.length === 1 ? 'measure' : dimensionRole(known as SemanticModel['entities'][0]['dimensions'][0])
    return {
      ...plain,
      label: known.label,
      role,
      ...(known.unit ? { unit: known.unit } : {}),
      ...(known.format ? { format: known.format } : {}),
    }
  })
}

function dimensionRole(dimension: SemanticModel['entities'][0]['dimensions'][0]): NonNullable<Column['role']> {
  if (dimension.kind === 'time') return 'time'
  return dimension.kind === 'key' ? 'key' : 'dimension'
}
