import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

/**
 * Connections of one instance, one query at a time on each, because an interrupt stops whatever its connection runs. They
 * are made when needed; the kit's bulkhead bounds how many.
 */
export class ConnectionPool {
  private readonly idle: DuckDBConnection[] = []
  private readonly instance: DuckDBInstance
  private closed = false

  constructor(instance: DuckDBInstance) {
    this.instance = instance
  }

  async use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = this.idle.pop() ?? (await this.instance.connect())
    try {
      return await work(connection)
    } finally {
      if (this.closed) connection.closeSync()
      else this.idle.push(connection)
    }
  }

  close(): void {
    this.closed = true
    for (const connection of this.idle.splice(0)) connection.closeSync()
  }
}
