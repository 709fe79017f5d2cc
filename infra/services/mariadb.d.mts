export interface MariadbService {
  readonly port: number
  /** Runs statements and gives what the client prints: a line of names, then a line a row, columns between tabs. */
  query(sql: string): Promise<string>
  stop(): Promise<void>
}
export function start(): Promise<MariadbService>
export function stop(service: MariadbService): Promise<void>
