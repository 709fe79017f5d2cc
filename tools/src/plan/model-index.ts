import { AppError } from '../errors/index.ts'
import type { Dimension, Entity, Measure, Segment, SemanticModel } from '../semantic/index.ts'
import type { FieldRef } from './query-plan.ts'

function unknown(what: string): AppError {
  return new AppError('QUERY_INVALID', `The plan names ${what}, which the semantic model does not have.`)
}

/** The parts of a model by name. Every miss is an AppError QUERY_INVALID: a plan may come from a file or a model. */
export class ModelIndex {
  readonly model: SemanticModel
  private readonly entities: ReadonlyMap<string, Entity>

  constructor(model: SemanticModel) {
    this.model = model
    this.entities = new Map(model.entities.map((entity) => [entity.name, entity]))
  }

  entity(name: string): Entity {
    const found = this.entities.get(name)
    if (!found) throw unknown(`the entity "${name}"`)
    return found
  }

  dimension(ref: Pick<FieldRef, 'entity' | 'field'>): Dimension {
    const found = this.entity(ref.entity).dimensions.find((dimension) => dimension.name === ref.field)
    if (!found) throw unknown(`the field "${ref.entity}.${ref.field}"`)
    if (found.private) throw new AppError('FORBIDDEN', `The field "${ref.entity}.${ref.field}" is private.`)
    return found
  }

  measure(entity: string, name: string): Measure {
    const found = this.entity(entity).measures.find((measure) => measure.name === name)
    if (!found) throw unknown(`the measure "${entity}.${name}"`)
    return found
  }

  segment(entity: string, name: string): Segment {
    const found = this.entity(entity).segments.find((segment) => segment.name === name)
    if (!found) throw unknown(`the segment "${entity}.${name}"`)
    return found
  }

  table(entity: string): string {
    const found = this.entity(entity)
    return found.table ?? found.name
  }
}
