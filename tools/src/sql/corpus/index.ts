import type { SqlDialect } from '@plumbline/native'
import { HOSTILE as DATABRICKS_HOSTILE } from './databricks/hostile.ts'
import { LEGITIMATE as DATABRICKS_LEGITIMATE } from './databricks/legitimate.ts'
import { HOSTILE as DUCKDB_HOSTILE } from './duckdb/hostile.ts'
import { LEGITIMATE as DUCKDB_LEGITIMATE } from './duckdb/legitimate.ts'
import type { Hostile } from './hostile.ts'
import { HOSTILE as MYSQL_HOSTILE } from './mysql/hostile.ts'
import { LEGITIMATE as MYSQL_LEGITIMATE } from './mysql/legitimate.ts'
import { HOSTILE as POSTGRESQL_HOSTILE } from './postgresql/hostile.ts'
import { LEGITIMATE as POSTGRESQL_LEGITIMATE } from './postgresql/legitimate.ts'
import { HOSTILE as SNOWFLAKE_HOSTILE } from './snowflake/hostile.ts'
import { LEGITIMATE as SNOWFLAKE_LEGITIMATE } from './snowflake/legitimate.ts'
import { HOSTILE as SQLITE_HOSTILE } from './sqlite/hostile.ts'
import { LEGITIMATE as SQLITE_LEGITIMATE } from './sqlite/legitimate.ts'

export interface Corpus {
  readonly legitimate: readonly string[]
  readonly hostile: readonly Hostile[]
}

/** What must run and what must not, a dialect. Written for this repository. */
export const CORPUS: Readonly<Record<SqlDialect, Corpus>> = {
  duckdb: { legitimate: DUCKDB_LEGITIMATE, hostile: DUCKDB_HOSTILE },
  postgresql: { legitimate: POSTGRESQL_LEGITIMATE, hostile: POSTGRESQL_HOSTILE },
  snowflake: { legitimate: SNOWFLAKE_LEGITIMATE, hostile: SNOWFLAKE_HOSTILE },
  databricks: { legitimate: DATABRICKS_LEGITIMATE, hostile: DATABRICKS_HOSTILE },
  mysql: { legitimate: MYSQL_LEGITIMATE, hostile: MYSQL_HOSTILE },
  sqlite: { legitimate: SQLITE_LEGITIMATE, hostile: SQLITE_HOSTILE },
}

export const DIALECTS = Object.keys(CORPUS) as SqlDialect[]
