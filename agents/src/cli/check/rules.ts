import { readFile } from 'node:fs/promises'
import type { PolicyDocument } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { parsePolicies } from '@plumbline/tools/governance'
import type { SqlDialect } from '@plumbline/tools/sql'
import { parse } from 'yaml'
import { z } from 'zod'

const Columns = z.union([
  /** `{ amount: DECIMAL }` */
  z.record(z.string(), z.string()).transform((types) => Object.entries(types).map(([name, type]) => ({ name, type }))),
  z.array(
    z.union([
      z.string().transform((name) => ({ name, type: 'VARCHAR' })),
      z.object({ name: z.string().min(1), type: z.string().default('VARCHAR') }),
    ]),
  ),
])
const Table = z.object({ name: z.string().min(1), columns: Columns })
const Schema = z.union([
  z.object({ tables: z.array(Table) }).transform(({ tables }) => tables),
  z.array(Table),
  /** `{ orders: { amount: DECIMAL } }` */
  z
    .record(z.string(), Columns)
    .transform((tables) => Object.entries(tables).map(([name, columns]) => ({ name, columns }))),
])

/** Tables as a catalog lists them. */
export type CheckSchema = z.infer<typeof Schema>

/** What statements are held to; plain data, so that a thread can be given it. */
export interface CheckRules {
  readonly dialect: SqlDialect | null
  readonly source: string
  readonly policies: PolicyDocument | null
  readonly schema: CheckSchema | null
}

/** @throws AppError POLICY_INVALID, FILE_INVALID */
export async function readRules(options: {
  dialect: SqlDialect | null
  source: string
  policies?: string | undefined
  schema?: string | undefined
}): Promise<CheckRules> {
  const { dialect, source, policies, schema } = options
  return {
    dialect,
    source,
    policies: policies === undefined ? null : parsePolicies(await read(policies)),
    schema: schema === undefined ? null : parseSchema(schema, await read(schema)),
  }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new AppError('FILE_INVALID', `${path} can not be read. Is the path right?`, { cause })
  }
}

/** JSON is YAML. */
function parseSchema(path: string, text: string): CheckSchema {
  let raw: unknown
  try {
    raw = parse(text)
  } catch (cause) {
    throw new AppError('FILE_INVALID', `${path} is neither JSON nor YAML.`, { cause })
  }
  const parsed = Schema.safeParse(raw)
  if (parsed.success) return parsed.data
  const example = '{ "tables": [{ "name": "orders", "columns": [{ "name": "id", "type": "INTEGER" }] }] }'
  throw new AppError('FILE_INVALID', `${path} does not list tables. It looks like this: ${example}`)
}
