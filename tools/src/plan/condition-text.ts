import type { Cell } from '../contract/column.ts'
import type { ReceiptFilter } from '../contract/receipt.ts'
import { isLeaf } from './condition-refs.ts'
import { fieldLabel } from './labels.ts'
import type { ModelIndex } from './model-index.ts'
import type { Condition, LeafCondition } from './query-plan.ts'

const OPERATOR_WORDS: Record<string, string> = {
  '=': 'is',
  '<>': 'is not',
  '<': 'is less than',
  '<=': 'is at most',
  '>': 'is more than',
  '>=': 'is at least',
}

function textOf(value: Cell): string {
  if (value === null) return 'empty'
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 6 }) : String(value)
}

function listText(values: Cell[]): string {
  const texts = values.map(textOf)
  return texts.length <= 1 ? (texts[0] ?? '') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`
}

interface Described {
  field: string
  label: string
  operator: string
  values: Cell[]
  text: string
}

function describe(leaf: LeafCondition, index: ModelIndex): Described {
  if (leaf.kind === 'segment') {
    const { label } = index.segment(leaf.entity, leaf.name)
    const operator = leaf.negated ? 'is not' : 'is'
    return {
      field: `${leaf.entity}.${leaf.name}`,
      label,
      operator,
      values: [],
      text: leaf.negated ? `not ${label}` : label,
    }
  }
  if (leaf.kind === 'fields') {
    const [left, right] = [fieldLabel(leaf.left, index), fieldLabel(leaf.right, index)]
    const operator = OPERATOR_WORDS[leaf.op] ?? leaf.op
    return {
      field: `${leaf.left.entity}.${leaf.left.field}`,
      label: left,
      operator,
      values: [right],
      text: `${left} ${operator} ${right}`,
    }
  }
  const label = fieldLabel(leaf.field, index)
  const field = `${leaf.field.entity}.${leaf.field.field}`
  const { unit } = index.dimension(leaf.field)
  // A year is a name and no amount: 1990, not 1,990.
  const year = index.dimension(leaf.field).format === 'year'
  const valueText = (value: Cell) => (year && value !== null ? String(value) : textOf(value))
  const withUnit = (text: string) => (unit === undefined ? text : `${text} ${unit}`)
  const made = (operator: string, values: Cell[], tail: string): Described => {
    return { field, label, operator, values, text: `${label} ${operator} ${tail}`.trim() }
  }
  switch (leaf.kind) {
    case 'compare': {
      const numeric = typeof leaf.value === 'number'
      return made(
        OPERATOR_WORDS[leaf.op] ?? leaf.op,
        [leaf.value],
        numeric ? withUnit(valueText(leaf.value)) : valueText(leaf.value),
      )
    }
    case 'in':
      return made(leaf.negated ? 'is not' : 'is', leaf.values, listText(leaf.values))
    case 'between':
      return made('is between', [leaf.from, leaf.to], withUnit(`${valueText(leaf.from)} and ${valueText(leaf.to)}`))
    case 'like': {
      const verbs = { contains: 'contains', starts: 'starts with', ends: 'ends with' }
      return made(`${leaf.negated ? 'not ' : ''}${verbs[leaf.mode]}`, [leaf.text], `“${leaf.text}”`)
    }
    case 'null':
      return made(leaf.negated ? 'is known' : 'is empty', [], '')
    case 'overall': {
      const fn = leaf.fn === 'avg' ? 'average' : leaf.fn
      return made(OPERATOR_WORDS[leaf.op] ?? leaf.op, [], `the ${fn} over all`)
    }
    case 'time': {
      const values = [leaf.from, leaf.to].filter((side) => side !== undefined)
      const operator = leaf.from === undefined ? 'before' : leaf.to === undefined ? 'from' : 'from … until before'
      return { field, label, operator, values, text: leaf.label }
    }
    case 'part':
      return {
        field,
        label,
        operator: `${leaf.negated ? 'not ' : ''}${leaf.part}`,
        values: leaf.values,
        text: leaf.label,
      }
  }
}

/** A condition in words: "origin is JFK". */
export function conditionText(condition: Condition, index: ModelIndex): string {
  if (isLeaf(condition)) return describe(condition, index).text
  if (condition.kind === 'related') {
    const where = condition.where.map((part) => conditionText(part, index)).join(' and ')
    const title = index.entity(condition.entity).title.toLowerCase()
    return `${condition.negated ? 'without' : 'with'} ${title}${where === '' ? '' : ` where ${where}`}`
  }
  return condition.items.map((item) => conditionText(item, index)).join(condition.kind === 'and' ? ' and ' : ' or ')
}

/** The filters of a plan as the receipt shows them: one line a leaf. */
export function receiptFilters(conditions: readonly Condition[], index: ModelIndex): ReceiptFilter[] {
  return conditions.flatMap((condition): ReceiptFilter[] => {
    if (condition.kind === 'and' || condition.kind === 'or') return receiptFilters(condition.items, index)
    if (condition.kind === 'related') {
      const entity = index.entity(condition.entity)
      const own: ReceiptFilter = {
        field: entity.name,
        label: entity.title,
        operator: condition.negated ? 'has none' : 'has some',
        values: [],
        ...(condition.asked === undefined ? {} : { asked: condition.asked }),
      }
      return [own, ...receiptFilters(condition.where, index)]
    }
    const { field, label, operator, values } = describe(condition, index)
    return [
      {
        field,
        label,
        operator,
        values,
        ...(condition.asked === undefined ? {} : { asked: condition.asked }),
        ...(condition.matchedBy === undefined ? {} : { matchedBy: condition.matchedBy }),
      },
    ]
  })
}
