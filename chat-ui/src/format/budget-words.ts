import type { ApprovalOffer } from '@plumbline/tools/contract'
import { bigCount, byteText } from './big-count.ts'

type Over = Pick<ApprovalOffer, 'figure' | 'value' | 'limit'> & { estimate?: { exact: boolean } }

/** "This would read about 3.2 bn rows; your budget is 100 M." @param whose "your" or "the" */
export function budgetSentence({ figure, value, limit, estimate }: Over, whose: 'your' | 'their'): string {
  const isRows = figure === 'scanRows'
  const most = isRows ? bigCount(limit) : byteText(limit)
  if (value === null) {
    return `How much this reads can not be said beforehand; ${whose} budget is ${most}${isRows ? ' rows' : ''}.`
  }
  const much = isRows ? `${bigCount(value)} rows` : byteText(value)
  return `This would read ${estimate?.exact ? '' : 'about '}${much}; ${whose} budget is ${most}.`
}
