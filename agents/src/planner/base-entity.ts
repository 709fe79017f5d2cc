import type { Draft, Mention } from './draft.ts'
import { mentionEntity } from './mention.ts'
import type { Workbench } from './workbench.ts'

function ownEntity(mention: Mention | undefined): string | undefined {
  return mention === undefined ? undefined : mentionEntity(mention)
}

/** What the question is about: the rows that are counted, aggregated or listed. */
export function baseEntity(draft: Draft, bench: Workbench): { base: string; named: boolean } {
  const measured = draft.measures.map((measure) => ownEntity(measure.target)).find((entity) => entity !== undefined)
  if (measured !== undefined) return { base: measured, named: true }
  const target = draft.superlative?.target
  const ranked = ownEntity(target)
  if (ranked !== undefined && target?.kind !== 'dimension') return { base: ranked, named: true }
  const segment = ownEntity(draft.segments.find((one) => one.share)?.mention ?? draft.segments[0]?.mention)
  if (draft.share || draft.counts) {
    const counted = [...draft.plain, ...draft.asked].find((mention) => mention.kind === 'entity')
    const entity = ownEntity(counted) ?? segment
    if (entity !== undefined) return { base: entity, named: true }
  }
  if (ranked !== undefined) return { base: ranked, named: true }
  if (draft.superlative?.wants === 'adjective') {
    const group = ownEntity(draft.superlative.group)
    const degree = draft.superlative.degrees.find((one) => one.ref.entity === group) ?? draft.superlative.degrees[0]
    if (degree) return { base: degree.ref.entity, named: true }
  }
  if (draft.relate) {
    const fields = [...draft.plain, ...draft.asked].map(ownEntity).filter((entity) => entity !== undefined)
    const fact = bench.factEntity()
    const base = fields.includes(fact) ? fact : fields.at(-1)
    if (base !== undefined) return { base, named: true }
  }
  const asked = [...draft.asked, ...draft.plain, ...(draft.superlative?.group ? [draft.superlative.group] : [])]
  const listed =
    asked.find((mention) => mention.kind === 'entity') ?? asked.find((mention) => ownEntity(mention) !== undefined)
  const own = ownEntity(listed) ?? segment ?? ownEntity(draft.groups[0])
  if (own !== undefined) return { base: own, named: true }
  const fact = bench.factEntity()
  const places = draft.values.flatMap((use) => use.matches.map((match) => match.ref.entity))
  return { base: places.length === 0 || places.includes(fact) ? fact : (places[0] ?? fact), named: false }
}
