import type { AuditFilter } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { type RawBuilder, sql } from 'kysely'

const DAY_MS = 86_400_000
const MOST_WORDS = 20

/** The condition of a filter, over `audit_log`; every part has its index (migration 0030). */
export function auditCondition(filter: AuditFilter): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = []
  const field = (path: RawBuilder<unknown>, value: string | undefined) => {
    if (value !== undefined) parts.push(sql`${path} = ${value}`)
  }
  if (filter.from !== undefined) parts.push(sql`(entry ->> 'at') collate "C" >= ${momentOf(filter.from, 0)}`)
  if (filter.to !== undefined) parts.push(sql`(entry ->> 'at') collate "C" < ${momentOf(filter.to, DAY_MS)}`)
  field(sql`left(entry #>> '{principal,id}', 300)`, filter.principal)
  field(sql`(entry ->> 'action')`, filter.action)
  field(sql`(entry ->> 'surface')`, filter.surface)
  field(sql`(entry ->> 'outcome')`, filter.outcome)
  if (filter.table !== undefined) parts.push(tableCondition(filter.table.toLowerCase()))
  if (filter.text !== undefined)
    parts.push(sql`audit_words(entry) @@ to_tsquery('pg_catalog.simple', ${words(filter.text)})`)
  return parts.length === 0 ? sql`true` : sql.join(parts, sql` and `)
}

/** `flights`, `main.flights`, or `flights.origin`: whether a dot parts a schema or a column, only the entries know. */
function tableCondition(name: string): RawBuilder<unknown> {
  const has = (table: object) => sql`audit_tables(entry) @> ${JSON.stringify([table])}::jsonb`
  const dot = name.lastIndexOf('.')
  if (dot <= 0) return has({ name })
  return sql`(${has({ name })} or ${has({ name: name.slice(0, dot), columns: [name.slice(dot + 1)] })})`
}

/** A day alone means midnight, and `wholeDay` later for its end. As text, because the log holds it so, in one width. */
function momentOf(text: string, wholeDay: number): string {
  const ms = Date.parse(text)
  return new Date(text.length === 10 ? ms + wholeDay : ms).toISOString()
}

/** A query for the beginnings of all these words, split as `audit_words` splits. */
function words(text: string): string {
  const found = text
    .replace(/[!-/:-@[-`{-~\s\0]+/g, ' ')
    .trim()
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
  if (found.length === 0) throw new AppError('INPUT_INVALID', '`text`: write a word, or the beginning of one.')
  return found.map(beginning).join(' & ')
}

/** Both as written and in small letters: a database in the locale C knows no small letters beyond ASCII. */
function beginning(word: string): string {
  const forms = new Set([word.toWellFormed(), word.toWellFormed().toLowerCase()])
  return `(${[...forms].map((form) => `'${form}':*`).join(' | ')})`
}
