import { Principal } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { SqlDialect } from '@plumbline/tools/sql'
import { z } from 'zod'

/** What the systems and their users call the dialects. */
const DIALECTS: Readonly<Record<string, SqlDialect>> = {
  duckdb: 'duckdb',
  postgresql: 'postgresql',
  postgres: 'postgresql',
  snowflake: 'snowflake',
  databricks: 'databricks',
  spark: 'databricks',
  mysql: 'mysql',
  sqlite: 'sqlite',
}

export const CheckDialect = z
  .string()
  .transform((name) => DIALECTS[name.toLowerCase()])
  .refine((dialect) => dialect !== undefined, `expected one of ${Object.keys(DIALECTS).join(', ')}`)
  .transform((dialect) => dialect as SqlDialect)

/** A person of whom only the id is sure: without roles the rules for everyone hold. */
const Person = Principal.extend({ name: z.string().optional(), roles: z.array(z.string()).default([]) }).transform(
  (person): Principal => ({ ...person, name: person.name ?? person.id }),
)

const Line = z.object({
  id: z.union([z.string(), z.number()]).nullish(),
  dialect: CheckDialect.optional(),
  sql: z.string(),
  principal: Person.nullish(),
})

export interface Statement {
  readonly id: string | number | null
  readonly dialect: SqlDialect
  readonly sql: string
  readonly principal: Principal | null
}

/**
 * A statement from a line of JSON.
 * @throws AppError INPUT_INVALID with `data.id`, where the line has one
 */
export function readStatement(line: string, fallback: SqlDialect | null): Statement {
  let raw: unknown
  try {
    raw = JSON.parse(line)
  } catch {
    throw new AppError('INPUT_INVALID', 'The line is not JSON.')
  }
  const parsed = Line.safeParse(raw)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue?.path.join('.') || 'the line'
    throw new AppError('INPUT_INVALID', `${place}: ${issue?.message ?? 'it can not be read'}.`, {
      data: { id: idOf(raw) },
    })
  }
  const { id = null, dialect = fallback, sql, principal = null } = parsed.data
  if (dialect === null) {
    throw new AppError('INPUT_INVALID', 'dialect: it is missing; give it in the line or as --dialect.', {
      data: { id },
    })
  }
  return { id, dialect, sql, principal }
}

/** The id of a line that is otherwise no statement. */
export function idOf(raw: unknown): string | number | null {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : null
  return typeof id === 'string' || typeof id === 'number' ? id : null
}
