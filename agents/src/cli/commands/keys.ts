import {
  type ApiKey,
  ApiKeyCreated,
  ApiKeyList,
  ApiKeyRequest,
  ApiScope,
  MAX_KEY_DAYS,
} from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { Config } from '../../config.ts'
import { apiKeyOf } from '../../identity/index.ts'
import { runningServer } from '../ask-door.ts'
import { plainText, terminalStyle } from '../render/style.ts'
import { withOwnState } from '../with-own-state.ts'

export interface CreateOptions {
  readonly scope: string
  readonly days: string
  readonly json?: boolean
}

/** Makes a key of the owner. The secret alone goes to standard output, for `KEY=$(plumbline keys create …)`. */
export async function createKeyCommand(name: string, options: CreateOptions, config: Config): Promise<number> {
  const { key, secret } = await createKey(readRequest(name, options), config)
  if (options.json) process.stdout.write(`${JSON.stringify({ key, secret }, null, 2)}\n`)
  else {
    process.stdout.write(`${secret}\n`)
    process.stderr.write(
      `This is the only time the key is shown. It may ${key.scopes.join(', ')} until ${key.expiresAt.slice(0, 10)}.\n`,
    )
  }
  return 0
}

export async function listKeysCommand(
  options: { readonly everyone?: boolean; readonly json?: boolean },
  config: Config,
): Promise<number> {
  const { keys } = await listKeys(options.everyone === true, config)
  if (options.json) process.stdout.write(`${JSON.stringify(keys, null, 2)}\n`)
  else if (keys.length === 0)
    process.stdout.write('No keys yet. Make one: plumbline keys create NAME --scope ask,read\n')
  else process.stdout.write(`${keys.map(lineOf).join('\n')}\n`)
  return 0
}

export async function revokeKeyCommand(id: string, config: Config): Promise<number> {
  const server = await runningServer(config)
  if (server) await server.call('DELETE', `/api/keys/${encodeURIComponent(id)}`)
  else await withOwnState(config, (state) => state.identity.apiKeys.revoke(id))
  process.stdout.write('Revoked. Tokens that were exchanged for it have ended too.\n')
  return 0
}

function readRequest(name: string, { scope, days }: CreateOptions): ApiKeyRequest {
  const scopes = scope.split(',').map((one) => one.trim())
  const parsed = ApiKeyRequest.safeParse({ name, scopes, expiresInDays: Number(days) })
  if (parsed.success) return parsed.data
  const fault = { name: 'a name of 1 to 100 characters', scopes: `--scope of ${ApiScope.options.join(', ')}` }
  const field = parsed.error.issues[0]?.path[0]
  const wanted = field === 'name' || field === 'scopes' ? fault[field] : `--days from 1 to ${MAX_KEY_DAYS}`
  throw new AppError('INPUT_INVALID', `A key needs ${wanted}.`)
}

async function createKey(request: ApiKeyRequest, config: Config): Promise<ApiKeyCreated> {
  const server = await runningServer(config)
  if (server) return ApiKeyCreated.parse(await server.call('POST', '/api/keys', request))
  return withOwnState(config, async (state, userId) => {
    const now = new Date()
    const { name, scopes, expiresInDays } = request
    const expiresAt = new Date(now.getTime() + expiresInDays * 86_400_000)
    const { key, secret } = await state.identity.apiKeys.create({ name, userId, scopes, expiresAt })
    return { key: apiKeyOf(key, now), secret }
  })
}

async function listKeys(everyone: boolean, config: Config): Promise<ApiKeyList> {
  const server = await runningServer(config)
  if (server) return ApiKeyList.parse(await server.call('GET', `/api/keys?everyone=${everyone}`))
  return withOwnState(config, async (state, userId) => {
    const keys = await state.identity.apiKeys.list(everyone ? undefined : userId)
    return { keys: keys.map((key) => apiKeyOf(key, new Date())) }
  })
}

function lineOf(key: ApiKey): string {
  const style = terminalStyle()
  const used = key.lastUsedAt === null ? 'never used' : `used ${key.lastUsedAt.slice(0, 10)}`
  const until = key.status === 'active' ? `until ${key.expiresAt.slice(0, 10)}` : key.status
  const words = [plainText(key.name), `${key.prefix}…`, key.scopes.join(','), until, used, plainText(key.owner.name)]
  return `${style.dim(key.id)}  ${words.join('  ')}`
}
