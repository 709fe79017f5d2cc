import type { SqlRefusalCode } from '@plumbline/native'

/** A statement that must not run, with the code of its refusal. */
export type Hostile = readonly [sql: string, code: SqlRefusalCode]
