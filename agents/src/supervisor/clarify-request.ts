import type { Clarification } from '@plumbline/tools/contract'

/** What an `interrupt` carries to the person; the id of the choice comes back. */
export type ClarifyRequest = Clarification
