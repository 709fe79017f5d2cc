import type { SemanticModel } from './model.ts'

/** A fault of a model that its shape alone does not show: where, and what to do. */
export interface ModelFault {
  path: string
  message: string
}

function duplicates(names: string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))]
}

function zoneFault(zone: string | undefined, path: string): ModelFault[] {
  if (zone === undefined) return []
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return []
  } catch {
    return [{ path, message: `"${zone}" is not an IANA time zone; write one such as "UTC" or "Europe/Berlin"` }]
  }
}

/** Every name that one part of the model uses for another must exist. */
export function checkReferences(model: SemanticModel): ModelFault[] {
  const faults: ModelFault[] = [...zoneFault(model.zone, 'zone')]
  const fault = (path: string, message: string) => faults.push({ path, message })
  const entities = new Map(model.entities.map((entity) => [entity.name, entity]))
  for (const name of duplicates(model.entities.map((entity) => entity.name))) {
    fault('entities', `entity "${name}" is defined twice; keep one`)
  }
  model.entities.forEach((entity, e) => {
    const at = `entities[${e}]`
    const fields = new Set(entity.dimensions.map((dimension) => dimension.name))
    const all = [...fields, ...entity.measures.map((m) => m.name), ...entity.segments.map((s) => s.name)]
    for (const name of duplicates([...all, ...duplicates(entity.dimensions.map((d) => d.name))])) {
      fault(at, `"${name}" is defined twice in ${entity.name}; give each its own name`)
    }
    for (const key of ['labelDimension', 'timeDimension'] as const) {
      const wanted = entity[key]
      if (wanted !== undefined && !fields.has(wanted)) {
        fault(`${at}.${key}`, `"${wanted}" is no dimension of ${entity.name}; name one of its dimensions`)
      }
    }
    entity.dimensions.forEach((dimension, d) => {
      faults.push(...zoneFault(dimension.zone, `${at}.dimensions[${d}].zone`))
      if (dimension.column !== undefined && dimension.expression !== undefined) {
        fault(`${at}.dimensions[${d}]`, `${dimension.name} has a column and an expression; keep one`)
      }
    })
    entity.measures.forEach((measure, m) => {
      const bare = measure.column === undefined && measure.expression === undefined
      if (measure.aggregate === 'ratio' ? measure.numerator === undefined : bare && measure.aggregate !== 'count') {
        const missing = measure.aggregate === 'ratio' ? 'a numerator' : 'a column or an expression'
        fault(`${at}.measures[${m}]`, `${measure.name} (${measure.aggregate}) needs ${missing}`)
      }
    })
  })
  for (const name of duplicates(model.joins.map((join) => join.name))) fault('joins', `join "${name}" is defined twice`)
  model.joins.forEach((join, j) => {
    for (const side of ['from', 'to'] as const) {
      if (!entities.has(join[side])) fault(`joins[${j}].${side}`, `"${join[side]}" is no entity; name one of the model`)
    }
  })
  model.ambiguities.forEach((ambiguity, a) => {
    ambiguity.choices.forEach((choice, c) => {
      const [entityName = '', field = ''] = choice.target.split('.', 2)
      const entity = entities.get(entityName)
      const known =
        entity && [...entity.dimensions, ...entity.measures, ...entity.segments].some((part) => part.name === field)
      if (!known) {
        fault(`ambiguities[${a}].choices[${c}].target`, `"${choice.target}" is unknown; write entity.field`)
      }
    })
  })
  return faults
}
