import { AppError } from '@plumbline/tools/errors'
import type { Config } from '../config.ts'

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|::1)$/i

/**
 * An address that others reach is served by HTTPS: our own, or that of a proxy before us (its address is PLUMBLINE_PUBLIC_URL). Else
 * sessions and answers would cross the network for everybody to read. @throws CONFIG_INVALID
 */
export function requireHttps(config: Pick<Config, 'host' | 'tlsCert' | 'publicUrl' | 'plaintextHosts'>): void {
  const { host, tlsCert, publicUrl, plaintextHosts } = config
  if (LOOPBACK.test(host) || tlsCert !== undefined || publicUrl?.startsWith('https:')) return
  if (plaintextHosts.includes(host)) return
  throw new AppError(
    'CONFIG_INVALID',
    `Others could read along at PLUMBLINE_HOST ${host}. Set PLUMBLINE_TLS_CERT and PLUMBLINE_TLS_KEY, or PLUMBLINE_PUBLIC_URL=https://… where a proxy speaks HTTPS, or name ${host} in PLUMBLINE_PLAINTEXT_HOSTS if the network is yours.`,
  )
}
