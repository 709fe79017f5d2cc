import { readFile } from 'node:fs/promises'
import { AppError } from '@plumbline/tools/errors'
import type { GatewayParts } from './gateway-parts.ts'

/** Forward secrecy and authenticated encryption alone (RFC 9325, section 4.2); the first three are those of TLS 1.3. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':')

/** Certificate and key of the server, when both are configured. @throws CONFIG_INVALID naming the setting at fault */
export async function readTls(config: {
  readonly tlsCert?: string | undefined
  readonly tlsKey?: string | undefined
}): Promise<GatewayParts['tls']> {
  const { tlsCert, tlsKey } = config
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new AppError('CONFIG_INVALID', 'HTTPS needs both PLUMBLINE_TLS_CERT and PLUMBLINE_TLS_KEY.')
  }
  const [cert, key] = await Promise.all([read(tlsCert, 'PLUMBLINE_TLS_CERT'), read(tlsKey, 'PLUMBLINE_TLS_KEY')])
  return { cert, key, minVersion: 'TLSv1.2', ciphers: CIPHERS, honorCipherOrder: true }
}

const read = (file: string, variable: string) =>
  readFile(file).catch((cause: unknown) => {
    throw new AppError('CONFIG_INVALID', `${variable} is not a file that can be read.`, { cause })
  })
