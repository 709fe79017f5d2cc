import type { Server as HttpServer } from 'node:http'
import { Server as HttpsServer } from 'node:https'

/**
 * Where a server that listens is reached from this machine, without a slash at the end.
 * @param host what it was told to listen on.
 */
export function baseUrlOf(server: HttpServer | HttpsServer, host: string): () => string {
  const scheme = server instanceof HttpsServer ? 'https' : 'http'
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return () => {
    const address = server.address()
    return `${scheme}://${shown}${address && typeof address === 'object' ? `:${address.port}` : ''}`
  }
}
