import type { SqlDialect } from '@plumbline/native'
import { FOLD_NAME } from '../fold-name.ts'
import type { Opinion } from '../opinion.ts'
import { tablesOfPolyglot } from './tables-of-polyglot.ts'

type Sdk = typeof import('@polyglot-sql/sdk')

let loaded: Promise<Sdk> | undefined

/** polyglot-sql, as WebAssembly: 23 MB that are loaded when the first query of such a dialect comes. */
export async function readPolyglot(sql: string, dialect: SqlDialect): Promise<Opinion> {
  loaded ??= import('@polyglot-sql/sdk')
  const { parse } = await loaded
  const parsed = parse(sql, dialect as Parameters<Sdk['parse']>[1])
  if (!parsed.success) return { kind: 'unreadable', error: parsed.error }
  return tablesOfPolyglot(parsed.ast as readonly unknown[], FOLD_NAME[dialect])
}
