import { AppError } from '../../errors/index.ts'
import type { PlanDialect } from '../dialect.ts'
import { duckdb } from './duckdb.ts'
import { postgresql } from './postgresql.ts'
import { sqlite } from './sqlite.ts'

const DIALECTS: readonly PlanDialect[] = [duckdb, postgresql, sqlite]

/** @throws AppError CAPABILITY_MISSING for a dialect that plans can not be written in. */
export function planDialect(name: string): PlanDialect {
  const found = DIALECTS.find((dialect) => dialect.name === name)
  if (found) return found
  const known = DIALECTS.map((dialect) => dialect.name).join(', ')
  throw new AppError('CAPABILITY_MISSING', `A plan can not be written as ${name} yet; it can as ${known}.`)
}
