import { type FieldRef, joinPath, type PlanDimension, rivalJoins } from '@plumbline/tools/plan'
import type { Dimension, Entity, SemanticModel } from '@plumbline/tools/semantic'
import { entityOf, joined } from './choose-target.ts'
import type { Draft, Mention } from './draft.ts'
import type { PlanContext } from './plan-context.ts'
import type { Target } from './schema-lexicon.ts'
import { Stop } from './stop.ts'
import type { ValueIndex } from './value-index.ts'

/** What the steps from draft to plan share: the model, the choices made so far, and what was assumed. */
export class Workbench {
  readonly model: SemanticModel
  readonly values: ValueIndex
  readonly context: PlanContext
  readonly draft: Draft
  readonly assumptions = new Set<string>()
  base = ''

  constructor(model: SemanticModel, values: ValueIndex, context: PlanContext, draft: Draft) {
    this.model = model
    this.values = values
    this.context = context
    this.draft = draft
  }

  entity(name: string): Entity | undefined {
    return this.model.entities.find((entity) => entity.name === name)
  }

  dimension(ref: FieldRef): Dimension | undefined {
    return this.entity(ref.entity)?.dimensions.find((dimension) => dimension.name === ref.field)
  }

  choice(key: string): string | undefined {
    return this.context.resolutions?.[key]
  }

  refuse(reason: string): Stop {
    return new Stop({ kind: 'refuse', reason, suggestions: this.model.suggestions.slice(0, 3) })
  }

  /** A mention with its ambiguity settled by an earlier choice; without one, the person is asked. */
  settle(mention: Mention): Mention {
    if (mention.kind === 'ambiguity') return this.settleAmbiguity(mention.index, mention.text)
    if (mention.rivals === undefined || mention.rivals.length === 0) return mention
    const { rivals, ...own } = mention
    if (own.kind === 'grain' || own.kind === 'part') return own
    const options: Target[] = [own, ...rivals]
    const direct = options.filter((option) => this.base !== '' && entityOf(option) === this.base)
    if (direct.length === 1 && direct[0]) return { ...direct[0], text: mention.text }
    const key = `word:${mention.text.toLowerCase()}`
    const chosen = options.find((option) => targetId(option) === this.choice(key))
    if (chosen) {
      this.assumptions.add(`“${mention.text}” is read as ${this.targetLabel(chosen)}, as you chose.`)
      return { ...chosen, text: mention.text }
    }
    throw new Stop({
      kind: 'clarify',
      key,
      prompt: `Which “${mention.text}” do you mean?`,
      choices: options.slice(0, 6).map((option) => ({ id: targetId(option), label: this.targetLabel(option) })),
    })
  }

  private settleAmbiguity(index: number, text: string): Mention {
    const ambiguity = this.model.ambiguities[index]
    if (!ambiguity) throw this.refuse(`I do not know what “${text}” is in this data.`)
    const chosen = ambiguity.choices.find((choice) => choice.id === this.choice(ambiguity.term))
    if (!chosen) {
      throw new Stop({
        kind: 'clarify',
        key: ambiguity.term,
        prompt: ambiguity.prompt,
        choices: ambiguity.choices.map(({ id, label, description }) => ({
          id,
          label,
          ...(description ? { description } : {}),
        })),
      })
    }
    this.assumptions.add(`“${text}” is read as ${chosen.label.toLowerCase()}, as you chose.`)
    const [entityName = '', field = ''] = chosen.target.split('.', 2)
    const entity = this.entity(entityName)
    const dimension = entity?.dimensions.find((candidate) => candidate.name === field)
    if (dimension) return { kind: 'dimension', ref: { entity: entityName, field }, dimension, text }
    const kind = entity?.segments.some((segment) => segment.name === field)
      ? ('segment' as const)
      : ('measure' as const)
    return { kind, entity: entityName, name: field, text }
  }

  targetLabel(target: Target): string {
    if (target.kind === 'ambiguity') return this.model.ambiguities[target.index]?.term ?? ''
    const title = this.entity(entityOf(target) ?? '')?.title ?? ''
    if (target.kind === 'entity') return title
    if (target.kind === 'dimension') return `${target.dimension.label} (${title})`
    const entity = this.entity(target.entity)
    const named = [...(entity?.measures ?? []), ...(entity?.segments ?? [])].find((part) => part.name === target.name)
    return `${named?.label ?? target.name} (${title})`
  }

  /** Adds the role of a join where two lead to the entity and the question did not say which. */
  roleOf(entity: string, text: string): { via?: string } {
    if (this.base === '' || entity === this.base) return {}
    const rivals = rivalJoins(this.model, this.base, entity)
    if (rivals.length < 2) return {}
    const words = text.toLowerCase()
    const said = rivals.filter((join) => join.role !== undefined && words.includes(join.role.toLowerCase()))
    const [only] = said
    if (said.length === 1 && only) return { via: only.name }
    const key = `role:${entity}`
    const chosen = rivals.find((join) => join.name === this.choice(key))
    if (chosen) {
      this.assumptions.add(`“${text}” is read as ${chosen.role ?? chosen.name}, as you chose.`)
      return { via: chosen.name }
    }
    throw new Stop({
      kind: 'clarify',
      key,
      prompt: `Which ${text} do you mean?`,
      choices: rivals.map((join) => ({ id: join.name, label: join.role ?? join.name })),
    })
  }

  /** What a thing of the model is grouped by: an entity by the name people know it by. */
  asDimension(mention: Mention): PlanDimension {
    const settled = this.settle(mention)
    if (settled.kind === 'grain' || settled.kind === 'part') {
      const field = this.timeField()
      if (!field)
        throw this.refuse(
          `This data has no time by which “${settled.text}” could be told for ${this.title(this.base)}.`,
        )
      return this.timeDimension(field, settled)
    }
    if (settled.kind === 'entity') {
      const entity = this.entity(settled.entity)
      const shown = entity?.dimensions.filter((one) => !one.private)
      const key = shown?.find((one) => entity?.key.length === 1 && (one.column ?? one.name) === entity.key[0])
      const label = entity?.labelDimension ?? key?.name ?? shown?.[0]?.name
      if (!entity || label === undefined) throw this.refuse(`${settled.text} has no field to tell its rows apart by.`)
      const own = entity.dimensions.find((one) => one.name === label)
      const keyed =
        entity.key.length > 0 && !(entity.key.length === 1 && [own?.column, own?.name].includes(entity.key[0]))
      return { field: { entity: entity.name, field: label, ...this.roleOf(entity.name, settled.text) }, byKey: keyed }
    }
    if (settled.kind === 'dimension') {
      const { dimension } = settled
      if (dimension.kind === 'time' && dimension.grain !== undefined) {
        return {
          field: settled.ref,
          grain: dimension.grain === 'hour' && dimension.type === 'date' ? 'day' : dimension.grain,
          byKey: false,
        }
      }
      return { field: { ...settled.ref, ...this.roleOf(settled.ref.entity, settled.text) }, byKey: false }
    }
    throw this.refuse(`“${settled.text}” is a number, so there is nothing to group by.`)
  }

  private timeDimension(field: FieldRef, cut: Extract<Mention, { kind: 'grain' | 'part' }>): PlanDimension {
    if (cut.kind === 'part') return { field, part: cut.part, byKey: false }
    const dimension = this.dimension(field)
    if (cut.grain === 'hour' && dimension?.parts?.hour !== undefined) return { field, part: 'hour', byKey: false }
    return { field, grain: cut.grain, byKey: false }
  }

  title(entity: string): string {
    return this.entity(entity)?.title.toLowerCase() ?? entity
  }

  /** The time meant by "in July": that of the base, else of the nearest entity that was named, else of the nearest at all. */
  timeField(): FieldRef | undefined {
    const named = new Set(
      [...this.draft.plain, ...this.draft.asked, ...this.draft.groups].flatMap((mention) =>
        mention.kind === 'entity' ? [mention.entity] : [],
      ),
    )
    const ranked = this.model.entities
      .flatMap((entity) => {
        const field = timeOf(entity)
        const path = joinPath(this.model, this.base, entity.name)
        return field === undefined || path === undefined
          ? []
          : [{ field, far: path.length * 2 - (named.has(entity.name) ? 1 : 0) }]
      })
      .sort((a, b) => a.far - b.far)
    return ranked[0]?.field
  }

  /** The number of an entity that stands for its rows when nothing else is counted: the one most others hang from. */
  factEntity(): string {
    const degree = (name: string) =>
      this.model.joins.filter((join) => join.from === name && join.cardinality === 'many-to-one').length
    return [...this.model.entities].sort((a, b) => degree(b.name) - degree(a.name))[0]?.name ?? ''
  }

  sameMeaning(a: FieldRef, b: FieldRef): boolean {
    const [one, other] = [this.dimension(a), this.dimension(b)]
    if (!one || !other) return false
    return joined(
      { kind: 'dimension', ref: a, dimension: one },
      { kind: 'dimension', ref: b, dimension: other },
      this.model,
    )
  }
}

function timeOf(entity: Entity): FieldRef | undefined {
  const times = entity.dimensions.filter((dimension) => dimension.kind === 'time' && !dimension.private)
  const field = entity.timeDimension ?? times[0]?.name
  return field === undefined ? undefined : { entity: entity.name, field }
}

function targetId(target: Target): string {
  if (target.kind === 'ambiguity') return String(target.index)
  if (target.kind === 'dimension') return `${target.ref.entity}.${target.ref.field}`
  return target.kind === 'entity' ? target.entity : `${target.entity}.${target.name}`
}
