import type { DuckDBPreparedStatement } from '@duckdb/node-api'

/** What was asked and what runs come together: one round through DuckDB's threads reads both. */
const AT_ONCE = 2
const READ = Array.from(
  { length: AT_ONCE },
  (_, i) => `json_serialize_sql($${i + 1}::VARCHAR, skip_null := true, skip_empty := true)`,
)

interface Waiting {
  readonly sql: string
  readonly done: (tree: string) => void
  readonly failed: (error: unknown) => void
}

/** DuckDB's own parser: a database of its own that holds nothing and may reach nothing. Gives trees as JSON. */
export class DuckdbParser {
  readonly #waiting: Waiting[] = []
  readonly #statement: DuckDBPreparedStatement
  #working = false

  private constructor(statement: DuckDBPreparedStatement) {
    this.#statement = statement
  }

  static async open(): Promise<DuckdbParser> {
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '1',
      memory_limit: '256MB',
      enable_external_access: 'false',
      autoload_known_extensions: 'false',
      autoinstall_known_extensions: 'false',
      lock_configuration: 'true',
    })
    const connection = await instance.connect()
    return new DuckdbParser(await connection.prepare(`SELECT ${READ.join(', ')}`))
  }

  parse(sql: string): Promise<string> {
    return new Promise((done, failed) => {
      this.#waiting.push({ sql, done, failed })
      // Whoever asks for a second text does so before the next turn.
      if (!this.#working) queueMicrotask(() => this.#work())
    })
  }

  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    while (this.#waiting.length > 0) await this.#read(this.#waiting.splice(0, AT_ONCE))
    this.#working = false
  }

  async #read(texts: readonly Waiting[]): Promise<void> {
    try {
      for (let i = 0; i < AT_ONCE; i++) {
        const text = texts[i]
        if (text) this.#statement.bindVarchar(i + 1, text.sql)
        else this.#statement.bindNull(i + 1)
      }
      const [trees = []] = (await this.#statement.runAndReadAll()).getRows()
      for (const [i, { done }] of texts.entries()) done(String(trees[i]))
    } catch (error) {
      for (const { failed } of texts) failed(error)
    }
  }
}
