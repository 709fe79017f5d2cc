import { AppError } from '@plumbline/tools/errors'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', ''])

/**
 * The address of a Postgres server such that the connection is encrypted and its certificate checked, unless the server is on this
 * machine or the address says otherwise (`sslmode=…`): what crosses a network is never plain by accident.
 */
export function postgresWithTls(databaseUrl: string): string {
  const url = new URL(databaseUrl)
  // A socket of this machine: postgres:///name?host=/run/postgresql
  const host = url.searchParams.get('host') ?? url.hostname
  if (LOOPBACK.has(host) || host.startsWith('/') || url.searchParams.has('sslmode')) return databaseUrl
  url.searchParams.set('sslmode', 'verify-full')
  return url.href
}

/**
 * Whether an address of a service may be used: encrypted, of this machine, or of a host that is named as an exception.
 * @param variable the environment variable that holds it, for the message. @throws CONFIG_INVALID
 */
export function requireTls(address: string, variable: string, exceptions: readonly string[] = []): void {
  const url = new URL(address)
  if (!['http:', 'redis:'].includes(url.protocol) || LOOPBACK.has(url.hostname)) return
  if (exceptions.includes(url.hostname)) return
  const encrypted = url.protocol === 'http:' ? 'https://' : 'rediss://'
  throw new AppError(
    'CONFIG_INVALID',
    `${variable} goes over a network without encryption. Write it with ${encrypted}, or name the host ${url.hostname} in PLUMBLINE_PLAINTEXT_HOSTS if that network is yours.`,
  )
}
