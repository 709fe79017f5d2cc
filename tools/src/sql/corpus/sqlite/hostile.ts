import type { Hostile } from '../hostile.ts'

/** Statements of SQLite that must not run, with the code of the refusal. */
export const HOSTILE: readonly Hostile[] = [
  ['SELECT 1 + interval FROM secret', 'SQL_SYNTAX_NOT_ALLOWED'],
  ["ATTACH DATABASE '/tmp/x' AS x", 'SQL_NOT_READ_ONLY'],
  ["VACUUM INTO '/tmp/x.db'", 'SQL_NOT_READ_ONLY'],
  ['PRAGMA writable_schema = 1', 'SQL_NOT_READ_ONLY'],
  ['DELETE FROM flights', 'SQL_NOT_READ_ONLY'],
  ['REPLACE INTO flights VALUES (1)', 'SQL_NOT_READ_ONLY'],
  ['WITH x AS (SELECT 1) DELETE FROM flights', 'SQL_NOT_READ_ONLY'],
  ['EXPLAIN QUERY PLAN DELETE FROM flights', 'SQL_NOT_READ_ONLY'],
  ['SELECT 1; DROP TABLE flights', 'SQL_NOT_ONE_STATEMENT'],
  ['SELECT sql FROM sqlite_schema', 'SQL_TABLE_NOT_ALLOWED'],
  ['SELECT sql FROM main.sqlite_master', 'SQL_TABLE_NOT_ALLOWED'],
  ['SELECT name FROM pragma_table_info', 'SQL_TABLE_NOT_ALLOWED'],
  ["SELECT name FROM pragma_table_info('flights')", 'SQL_FUNCTION_NOT_ALLOWED'],
  ["SELECT load_extension('evil')", 'SQL_FUNCTION_NOT_ALLOWED'],
  ["SELECT readfile('/etc/passwd')", 'SQL_FUNCTION_NOT_ALLOWED'],
  ["SELECT writefile('/tmp/x', 'x')", 'SQL_FUNCTION_NOT_ALLOWED'],
  ["SELECT * FROM fsdir('/etc')", 'SQL_FUNCTION_NOT_ALLOWED'],
  ["SELECT edit('x')", 'SQL_FUNCTION_NOT_ALLOWED'],
  ['SELECT random(), randomblob(8)', 'SQL_FUNCTION_NOT_ALLOWED'],
  ['SELECT sqlite_version()', 'SQL_FUNCTION_NOT_ALLOWED'],
  ['SELECT ?1', 'SQL_SYNTAX_NOT_ALLOWED'],
  ['SELECT nаme FROM airlines', 'SQL_SYNTAX_NOT_ALLOWED'],
]
