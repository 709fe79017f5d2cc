import type { CompareOperator, Condition, FieldRef, Having, PlanMeasure } from '@plumbline/tools/plan'
import type { Degree } from './adjectives.ts'
import type { Bound } from './draft.ts'
import { wordsOf } from './phrase.ts'
import { stem } from './stem.ts'
import type { Workbench } from './workbench.ts'

/** How many of a field's unit one of the said unit is. */
const CONVERSIONS: Record<string, Record<string, number>> = {
  h: { min: 60, h: 1 },
  min: { min: 1, h: 1 / 60 },
  day: { h: 24, min: 1440, days: 1 },
  mi: { mi: 1, km: 1.609344 },
  km: { km: 1, mi: 1 / 1.609344 },
  year: { years: 1, yr: 1 },
}

function factor(said: string | undefined, unit: string | undefined): number | undefined {
  if (said === undefined) return 1
  if (unit === undefined) return undefined
  return said === unit ? 1 : CONVERSIONS[said]?.[unit]
}

function unitOf(measure: PlanMeasure, bench: Workbench): string | undefined {
  if (measure.kind === 'aggregate') return bench.dimension(measure.field)?.unit
  if (measure.kind !== 'measure') return undefined
  return bench.entity(measure.entity)?.measures.find((one) => one.name === measure.name)?.unit
}

/** The numeric fields a bound could be about by its unit: "2000 miles". */
function fieldsByUnit(unit: string, bench: Workbench): FieldRef[] {
  const near = bench.model.entities.filter((entity) => entity.name === bench.base)
  const wide = bench.model.entities.filter((entity) => entity.name !== bench.base)
  for (const entities of [near, wide]) {
    const found = entities.flatMap((entity) =>
      entity.dimensions
        .filter(
          (dimension) =>
            dimension.kind === 'numeric' && !dimension.private && factor(unit, dimension.unit) !== undefined,
        )
        .map((dimension) => ({ entity: entity.name, field: dimension.name })),
    )
    if (found.length > 0) return found
  }
  return []
}

/** The field an adjective compares: by the unit said, else that of the base. */
function degreeOf(bound: Bound, bench: Workbench): Degree | undefined {
  const { degrees = [], unit } = bound
  if (unit !== undefined) return degrees.find((degree) => factor(unit, bench.dimension(degree.ref)?.unit) !== undefined)
  return degrees.find((degree) => degree.ref.entity === bench.base) ?? degrees[0]
}

const TURNED: Partial<Record<CompareOperator, CompareOperator>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }

/** "older" is more of an age and less of a year: the comparison follows the field that was chosen. */
function operatorOf(bound: Bound, bench: Workbench): CompareOperator {
  const chosen = bound.target === undefined ? degreeOf(bound, bench) : undefined
  const turned = chosen !== undefined && chosen.direction !== bound.degrees?.[0]?.direction
  return turned ? (TURNED[bound.op] ?? bound.op) : bound.op
}

function fieldOf(bound: Bound, last: FieldRef | undefined, bench: Workbench): FieldRef | undefined {
  if (bound.target) {
    const settled = bench.settle(bound.target)
    if (settled.kind === 'dimension') return settled.ref
  }
  if (bound.degrees) return degreeOf(bound, bench)?.ref
  if (last && (bound.unit === undefined || factor(bound.unit, bench.dimension(last)?.unit) !== undefined)) return last
  if (bound.unit === undefined) return last
  const fields = fieldsByUnit(bound.unit, bench)
  return fields.length <= 1 ? fields[0] : spokenOf(fields, bench)
}

/** Of several fields of one unit, the one the question speaks of: "delayed by two hours" is about a field called delay. */
function spokenOf(fields: FieldRef[], bench: Workbench): FieldRef | undefined {
  const { draft, model } = bench
  const said = new Set(
    [...draft.segments.map((one) => one.mention), ...draft.plain, ...draft.asked].flatMap((one) =>
      wordsOf(one.text).map(stem),
    ),
  )
  const fitting = fields.filter((field) =>
    wordsOf(bench.dimension(field)?.label ?? '').some((word) => said.has(stem(word))),
  )
  if (fitting.length <= 1) return fitting[0]
  const names = fitting.map((field) => `${field.entity}.${field.field}`)
  const index = model.ambiguities.findIndex((ambiguity) =>
    names.every((name) => ambiguity.choices.some((choice) => choice.target === name)),
  )
  if (index < 0) return undefined
  const settled = bench.settle({ kind: 'ambiguity', index, text: model.ambiguities[index]?.term ?? '' })
  return settled.kind === 'dimension' ? settled.ref : undefined
}

export interface BoundResult {
  condition?: Condition
  having?: Having
}

/**
 * A comparison with a number: on groups when it speaks of how many, or of an aggregate; on rows otherwise. Undefined when
 * nothing tells what the number is about.
 */
export function boundCondition(
  bound: Bound,
  last: FieldRef | undefined,
  measure: PlanMeasure | undefined,
  bench: Workbench,
): BoundResult | undefined {
  const counted = bound.target === undefined ? undefined : bench.settle(bound.target)
  if (counted?.kind === 'entity' && bound.overall === undefined) {
    return {
      having: {
        measure: { kind: 'count', entity: counted.entity },
        op: bound.op,
        value: bound.value,
        asked: bound.text,
      },
    }
  }
  if (counted?.kind === 'measure' && bound.overall === undefined) {
    return {
      having: {
        measure: { kind: 'measure', entity: counted.entity, name: counted.name },
        op: bound.op,
        value: bound.percent ? bound.value / 100 : bound.value,
        asked: bound.text,
      },
    }
  }
  const asked = bound.text
  const scaled = measure === undefined ? undefined : factor(bound.unit, unitOf(measure, bench))
  if (measure && scaled !== undefined && !bound.degrees && !bound.target && !bound.overall) {
    return { having: { measure, op: bound.op, value: bound.percent ? bound.value / 100 : bound.value * scaled, asked } }
  }
  const field = fieldOf(bound, last, bench)
  if (!field) return undefined
  const dimension = bench.dimension(field)
  if (dimension?.kind === 'categorical' && typeof bound.value === 'number' && dimension.type === 'string')
    return undefined
  if (bound.overall !== undefined)
    return { condition: { kind: 'overall', field, op: operatorOf(bound, bench), fn: bound.overall, asked } }
  const scale = factor(bound.unit, dimension?.unit) ?? (bound.unit === undefined ? 1 : undefined)
  if (scale === undefined) return undefined
  if (bound.upper !== undefined) {
    return {
      condition: {
        kind: 'between',
        field,
        from: bound.value * scale,
        to: bound.upper * scale,
        asked,
        matchedBy: 'number',
      },
    }
  }
  return {
    condition: {
      kind: 'compare',
      field,
      op: operatorOf(bound, bench),
      value: bound.value * scale,
      asked,
      matchedBy: 'number',
    },
  }
}
