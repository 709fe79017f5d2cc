export interface PostgresService {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}
export function start(): Promise<PostgresService>
export function stop(service: PostgresService): Promise<void>
