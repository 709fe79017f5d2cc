import type { LeafCondition } from '@plumbline/tools/plan'
import type { TimeMeaning } from './time-expression.ts'
import type { Workbench } from './workbench.ts'

function outside(meaning: Extract<TimeMeaning, { kind: 'range' }>, range: { from?: string; to?: string }): boolean {
  const [first, last] = [range.from?.slice(0, 10), range.to?.slice(0, 10)]
  const late = last !== undefined && meaning.from !== undefined && meaning.from > last
  const early = first !== undefined && meaning.to !== undefined && meaning.to <= first
  return late || early
}

/** A time of the question as a condition on the time of the base; a time the data does not cover is refused. */
export function timeCondition(meaning: TimeMeaning, bench: Workbench): LeafCondition {
  const field = bench.timeField()
  if (!field)
    throw bench.refuse(
      `${bench.entity(bench.base)?.title ?? 'This data'} has no date, so it can not be limited to “${meaning.label}”.`,
    )
  if (meaning.kind === 'part') {
    const fine = bench.dimension(field)
    if (meaning.part === 'hour' && fine?.grain !== 'hour' && fine?.parts?.hour === undefined) {
      throw bench.refuse(
        `The times of ${bench.title(field.entity)} have no hour, so “${meaning.label}” can not be answered.`,
      )
    }
    const { part, values, label } = meaning
    return { kind: 'part', field, part, values, label, negated: false, matchedBy: 'date' }
  }
  const range = bench.context.dataRange ?? {}
  if (outside(meaning, range)) {
    const covered = [range.from?.slice(0, 10), range.to?.slice(0, 10)].filter((side) => side !== undefined).join(' to ')
    throw bench.refuse(`The data covers ${covered}, so there is nothing “${meaning.label}”.`)
  }
  const { from, to, label } = meaning
  return {
    kind: 'time',
    field,
    label,
    matchedBy: 'date',
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
}
