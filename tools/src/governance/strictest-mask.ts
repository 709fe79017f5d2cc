import type { Mask } from '../contract/policy.ts'
import type { AppliedMask } from './source-access.ts'

/** From the one that leaves least of a value to the one that leaves most. */
const ORDER: readonly Mask['kind'][] = ['null', 'constant', 'hash', 'bucket', 'partial']

/** Of two masks on one column the one that leaves less; of two of a kind the earlier in the document. */
export function strictestMask(before: AppliedMask | undefined, next: AppliedMask): AppliedMask {
  if (before === undefined) return next
  return ORDER.indexOf(next.mask.kind) < ORDER.indexOf(before.mask.kind) ? next : before
}
