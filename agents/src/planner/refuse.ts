import type { SemanticModel } from '@plumbline/tools/semantic'
import type { Token } from './lexer.ts'

const ORDERS = new Set([
  'delete',
  'drop',
  'update',
  'insert',
  'truncate',
  'alter',
  'remove',
  'create',
  'modify',
  'erase',
  'destroy',
  'overwrite',
  'rename',
  'grant',
])
const POLITE = new Set(['please', 'can', 'could', 'you', 'now', 'and', 'then', 'kindly', 'just', 'to', 'want', 'i'])
const FUTURE = new Set([
  'will',
  'forecast',
  'predict',
  'prediction',
  'predicted',
  'future',
  'tomorrow',
  'expect',
  'projected',
  'extrapolate',
])

/** What the data holds, in one phrase: "flights, weather hours and planes". */
export function contents(model: SemanticModel): string {
  const titles = model.entities.slice(0, 8).map((entity) => entity.title.toLowerCase())
  return titles.length <= 1 ? (titles[0] ?? '') : `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)}`
}

/** Questions that no plan can answer, by their form alone: orders to change data, forecasts, causes. */
export function refusalByForm(tokens: readonly Token[], model: SemanticModel): string | undefined {
  const words = tokens.filter((token) => token.kind === 'word').map((token) => token.lower)
  if (words.length === 0) return `I can answer questions about ${contents(model)}. Ask one in a sentence.`
  const verb = words.find((word) => !POLITE.has(word))
  if (verb !== undefined && ORDERS.has(verb)) return 'I only read data and never change it.'
  if (
    words.some((word, at) => (word === 'drop' || word === 'delete') && ['table', 'from'].includes(words[at + 1] ?? ''))
  ) {
    return 'I only read data and never change it.'
  }
  if (
    words.some((word) => FUTURE.has(word)) ||
    (words.includes('next') && words.some((word) => /^(day|week|month|quarter|year)s?$/.test(word)))
  ) {
    return 'I can tell what is in the data, and not what will be: forecasts are not something I make here.'
  }
  if (
    words[0] === 'why' ||
    words.some((word, at) => ['reason', 'reasons', 'cause', 'caused', 'causes'].includes(word) && at < words.length)
  ) {
    return 'The data says what happened and not why. Ask what it looks like under some condition instead.'
  }
  return undefined
}
