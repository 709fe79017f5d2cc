import type { CatalogSource } from '@plumbline/tools/contract'
import type { Entity, SemanticModel } from '@plumbline/tools/semantic'
import { estimateTokens } from '../../../models/index.ts'
import { rankEntities, terms } from './relevance.ts'
import { renderEntity, renderEntityBriefly } from './render-entity.ts'

/** Tokens of the schema, guessed from above: with prompt, history and output schema a request stays below 10,000. */
const MAX_TOKENS = 6000
/** Of which for entities that are only named. */
const BRIEF_SHARE = 0.25

export interface SchemaContext {
  readonly text: string
  /** All of the model fits, so that the text is the same for every question and can be cached. */
  readonly whole: boolean
}

/**
 * What a model is told of a source: all of it when it is small, else the entities that the question is about in full,
 * the next ones by their names, and how many were left out.
 */
export function schemaContext(model: SemanticModel, source: CatalogSource, question: string): SchemaContext {
  const tables = new Map(source.tables.map((table) => [table.name, table]))
  const full = (entity: Entity, asked: ReadonlySet<string>) =>
    renderEntity(entity, tables.get(entity.table ?? entity.name), asked)

  const everything = model.entities.map((entity) => full(entity, new Set()))
  const whole = compose(model, source, everything, [], model.entities)
  if (estimateTokens(whole) <= MAX_TOKENS) return { text: whole, whole: true }

  const asked = new Set(terms(question))
  const scores = rankEntities(model, question)
  const ranked = [...model.entities].sort((a, b) => (scores.get(b.name) ?? 0) - (scores.get(a.name) ?? 0))
  const frame = estimateTokens(compose(model, source, [], [], []))
  let left = (MAX_TOKENS - frame) * (1 - BRIEF_SHARE)
  const inFull: Entity[] = []
  const texts: string[] = []
  for (const entity of ranked) {
    const text = full(entity, asked)
    const joins = joinsOf(model, [...inFull, entity])
    const cost = estimateTokens(`${text}\n${joins.slice(joinsOf(model, inFull).length).join('\n')}`)
    // A huge entity is skipped, not the smaller ones after it.
    if (cost > left) continue
    left -= cost
    inFull.push(entity)
    texts.push(text)
  }
  let briefLeft = left + (MAX_TOKENS - frame) * BRIEF_SHARE
  const briefs: string[] = []
  for (const entity of ranked) {
    if (inFull.includes(entity)) continue
    const text = renderEntityBriefly(entity)
    briefLeft -= estimateTokens(`${text}\n`)
    if (briefLeft < 0) break
    briefs.push(text)
  }
  return { text: compose(model, source, texts, briefs, inFull), whole: false }
}

function compose(
  model: SemanticModel,
  source: CatalogSource,
  full: readonly string[],
  brief: readonly string[],
  shown: readonly Entity[],
): string {
  const names = new Set(shown.map((entity) => entity.name))
  const missing = model.entities.length - full.length - brief.length
  const covered = [source.from && `from ${source.from}`, source.to && `to ${source.to}`].filter(Boolean).join(' ')
  const joins = joinsOf(model, shown)
  const ambiguous = model.ambiguities.filter(({ choices }) =>
    choices.some(({ target }) => names.has(target.split('.')[0] as string)),
  )
  const parts = [
    `source ${source.name}, dialect ${source.dialect}, time zone ${model.zone}${covered ? `, data ${covered}` : ''}`,
    'In SQL a name in braces, {x}, is the column or dimension x of the same entity: write it without braces.',
    ...full,
    ...(joins.length > 0 ? ['joins:', ...joins] : []),
    ...ambiguous.map(
      ({ term, choices }) => `ambiguous: "${term}" is ${choices.map(({ target }) => target).join(' or ')}`,
    ),
    ...(brief.length > 0 ? ['entities by name only:', ...brief] : []),
    ...(missing > 0 ? [`(${missing} further entities have nothing to do with the question and are left out)`] : []),
  ]
  return parts.join('\n')
}

function joinsOf(model: SemanticModel, shown: readonly Entity[]): string[] {
  const names = new Set(shown.map((entity) => entity.name))
  return model.joins
    .filter(({ from, to }) => names.has(from) && names.has(to))
    .map(({ name, from, to, on, cardinality, partial }) => {
      const pairs = on.map((pair) => `${from}.${pair.from} = ${to}.${pair.to}`).join(' and ')
      return `  - ${name}: ${pairs} (${cardinality}${partial ? ', some rows have no match' : ''})`
    })
}
