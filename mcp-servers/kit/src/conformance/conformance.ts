import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { CatalogTable, type Cell, type ColumnType, QueryResult, ValueList } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Connection, connect } from '../connection.ts'
import type { ServerDefinition } from '../define-server.ts'
import { ERROR_META } from '../tool.ts'
import { connectInMemory } from '../transports/in-memory.ts'
import { testGovernance } from './test-governance.ts'

/** What a server brings to the suite: a source it can reach, and what is in it. */
export interface ConformanceFixture {
  /** Makes the source and returns the server's configuration for it. */
  readonly setUp: () => Promise<unknown>
  readonly tearDown: () => Promise<void>
  /** A table with at least 100 rows, a text column, and one value of that column that holds `%`, `'` and markup; none holds `_` or `!`. */
  readonly table: {
    readonly name: string
    readonly textColumn: string
    readonly oddValue: string
    readonly rows: number
  }
  /** One row with every type of the system, and how it must come back. */
  readonly types: { readonly sql: string; readonly expected: readonly (readonly [ColumnType, Cell])[] }
  /** A query that runs for many seconds. */
  readonly slowSql: string
  /** Statements of this dialect that must not run, beside the ones every dialect has. */
  readonly hostile: readonly string[]
}

const TOOLS = ['describe_source', 'list_tables', 'describe_table', 'list_values', 'explain_query', 'run_query']

/** The one suite that every server passes, through a real MCP client. */
export function conformance(definition: ServerDefinition, fixture: ConformanceFixture): void {
  describe(`conformance of ${definition.name} [mcp.conformance]`, () => {
    let connection: Connection
    let client: Client
    beforeAll(async () => {
      connection = await connect(definition, await fixture.setUp(), testGovernance())
      client = await connectInMemory(connection, { id: 'test', name: 'Test', roles: ['owner'], attributes: {} })
    })
    afterAll(async () => {
      await client.close()
      await connection.close()
      await fixture.tearDown()
    })

    const call = async (name: string, args: Record<string, unknown> = {}, signal?: AbortSignal) => {
      const options = signal ? { signal } : {}
      const result = await client.callTool({ name, arguments: args }, undefined, options)
      return {
        isError: result.isError === true,
        structuredContent: (result.structuredContent ?? {}) as Record<string, unknown>,
        error: result._meta?.[ERROR_META] as { code: string; message: string } | undefined,
        text: textOf(result),
      }
    }
    const run = async (sql: string, rest: Record<string, unknown> = {}) => {
      const { structuredContent, isError, text } = await call('run_query', { sql, ...rest })
      if (isError) throw new Error(text)
      return QueryResult.parse(structuredContent)
    }
    const codeOf = async (name: string, args: Record<string, unknown>) => {
      const { isError, error, text } = await call(name, args)
      expect(isError, text).toBe(true)
      if (!error) throw new Error(`no error beside: ${text}`)
      expect(text).toBe(`${error.code}: ${error.message}`)
      return error
    }
    const { table } = fixture

    it('lists the tools with schemas and says that they only read', async () => {
      const { tools } = await client.listTools()
      expect(tools.map((tool) => tool.name).sort()).toEqual([...TOOLS].sort())
      for (const tool of tools) {
        expect(tool.inputSchema.type).toBe('object')
        expect(tool.outputSchema?.type).toBe('object')
        expect(tool.annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false })
        expect(tool.description?.length).toBeGreaterThan(20)
      }
    })

    it('describes the source and its tables, and finds one by a word', async () => {
      const { structuredContent } = await call('describe_source')
      expect(structuredContent.source).toMatchObject({ name: definition.name, dialect: definition.dialect })
      const { structuredContent: found } = await call('list_tables', { search: table.textColumn })
      expect(JSON.stringify(found.tables)).toContain(table.name)
      const { structuredContent: described } = await call('describe_table', { table: table.name.toUpperCase() })
      expect(CatalogTable.parse(described).columns.map((column) => column.name)).toContain(table.textColumn)
    })

    it('gives every type as the contract says', async () => {
      const { columns, rows } = await run(fixture.types.sql)
      expect(columns.map((column, i) => [column.type, rows[0]?.[i]])).toEqual(fixture.types.expected)
    })

    it('cuts at the limit and says so', async () => {
      const cut = await run(`SELECT * FROM ${table.name}`, { maxRows: 10 })
      expect([cut.rowCount, cut.rows.length, cut.truncated]).toEqual([10, 10, true])
      const whole = await run(`SELECT * FROM ${table.name}`, { maxRows: table.rows })
      expect([whole.rowCount, whole.truncated]).toEqual([table.rows, false])
      const own = await run(`SELECT * FROM ${table.name} LIMIT 3`, { maxRows: 10 })
      expect([own.rowCount, own.truncated]).toEqual([3, false])
    })

    it('says which tables and columns a query used', async () => {
      const { tables } = await run(`SELECT count(${table.textColumn}) AS n FROM ${table.name}`)
      expect(tables).toEqual([{ name: table.name, columns: [table.textColumn] }])
    })

    it('stops a slow query at its timeout [mcp.errors]', async () => {
      const error = await codeOf('run_query', { sql: fixture.slowSql, timeoutMs: 200 })
      expect(error.code).toBe('QUERY_TIMEOUT')
      expect(error.message).toContain('200 ms')
    })

    it('stops within a second when the client cancels, and is free again [mcp.cancel]', async () => {
      const controller = new AbortController()
      const running = call('run_query', { sql: fixture.slowSql }, controller.signal)
      const first = await run(`SELECT count(*) AS n FROM ${table.name}`)
      expect(first.rows).toEqual([[table.rows]])
      const cancelledAt = performance.now()
      controller.abort()
      await expect(running).rejects.toThrow()
      await expect.poll(() => connection.running(), { interval: 5, timeout: 1000 }).toBe(0)
      expect(performance.now() - cancelledAt).toBeLessThan(1000)
    })

    it.each([
      `DELETE FROM ${table.name}`,
      `DROP TABLE ${table.name}`,
      `SELECT 1; SELECT 2`,
      `WITH x AS (DELETE FROM ${table.name} RETURNING 1) SELECT * FROM x`,
      `CREATE TABLE y AS SELECT 1`,
      `SELECT * FROM ${table.name} FOR UPDATE`,
      ...fixture.hostile,
    ])('refuses %s and changes nothing [mcp.errors]', async (sql) => {
      const error = await codeOf('run_query', { sql })
      expect(['QUERY_NOT_READ_ONLY', 'FUNCTION_NOT_ALLOWED', 'QUERY_INVALID']).toContain(error.code)
      expect((await codeOf('explain_query', { sql })).code).toBe(error.code)
      expect((await run(`SELECT count(*) AS n FROM ${table.name}`)).rows).toEqual([[table.rows]])
    })

    it('names what is unknown, and what was probably meant [mcp.errors]', async () => {
      const misspelt = await codeOf('run_query', { sql: `SELECT * FROM ${table.name}x` })
      expect(misspelt).toMatchObject({
        code: 'TABLE_UNKNOWN',
        message: expect.stringContaining(`Did you mean \`${table.name}\`?`),
      })
      expect((await codeOf('run_query', { sql: `SELECT nothing_like_it FROM ${table.name}` })).code).toBe(
        'COLUMN_UNKNOWN',
      )
      expect((await codeOf('describe_table', { table: 'nowhere' })).code).toBe('TABLE_UNKNOWN')
      expect((await codeOf('list_values', { table: table.name, column: 'nowhere' })).code).toBe('COLUMN_UNKNOWN')
      expect(await codeOf('run_query', { sql: 7 })).toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining('sql'),
      })
    })

    it('lists values, most frequent first, and takes a search as text', async () => {
      const values = async (args: object) =>
        ValueList.parse(
          (await call('list_values', { table: table.name, column: table.textColumn, ...args })).structuredContent,
        )
      const all = await values({ limit: 5 })
      expect(all.values).toHaveLength(5)
      const counts = all.values.map(({ count }) => count)
      expect(counts).toEqual(counts.toSorted((a, b) => b - a))
      const odd = await values({ search: table.oddValue })
      expect(odd.values.map(({ value }) => value)).toEqual([table.oddValue])
      expect((await values({ search: '%' })).values.map(({ value }) => value)).toEqual([table.oddValue])
      for (const search of ["x' OR '1'='1", '_', '!', '!%', '\\']) {
        expect((await values({ search })).values, search).toEqual([])
      }
    })

    it('hands markup and line ends over as plain data', async () => {
      const { structuredContent, text } = await call('run_query', {
        sql: `SELECT ${table.textColumn} AS "<b>x</b>" FROM ${table.name} WHERE ${table.textColumn} LIKE '%<%'`,
      })
      const result = QueryResult.parse(structuredContent)
      expect(result.columns[0]?.name).toBe('<b>x</b>')
      expect(result.rows[0]?.[0]).toBe(table.oddValue)
      expect(text.split('\n')).toHaveLength(2 + result.rowCount)
    })

    it('bounds the text that a model reads, not the data', async () => {
      const { structuredContent, text } = await call('run_query', {
        sql: `SELECT * FROM ${table.name}`,
        maxRows: table.rows,
      })
      expect(QueryResult.parse(structuredContent).rowCount).toBe(table.rows)
      expect(text.split('\n').length).toBeLessThanOrEqual(53)
      expect(text.length).toBeLessThan(21_000)
    })

    it('answers many at once', async () => {
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, i) => run(`SELECT ${i} AS i, count(*) AS n FROM ${table.name}`)),
      )
      expect(results.map(({ rows }) => rows[0])).toEqual(Array.from({ length: 40 }, (_, i) => [i, table.rows]))
    })
  })
}

function textOf(result: unknown): string {
  const { content } = result as { content: { type: string; text: string }[] }
  return content.map(({ text }) => text).join('\n')
}
