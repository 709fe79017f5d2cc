import { readFile } from 'node:fs/promises'
import { AppError } from '@plumbline/tools/errors'
import type { GatewayParts } from './gateway-parts.ts'

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
  return { cert, key, minVersion: 'TLSv1.2' }
}

const read = (file: string, variable: string) =>
  readFile(file).catch((cause: unknown) => {
    throw new AppError('CONFIG_INVALID', `${variable} is not a file that can be read.`, { cause })
  })
