import { createLogger } from '@plumbline/tools/telemetry'
import type { Assistant } from '../assistant/assistant.ts'
import type { Config } from '../config.ts'
import { followRules } from '../governance/follow-rules.ts'
import { identitySettings } from '../identity/index.ts'
import { createSealer } from '../secrets/create-sealer.ts'
import { openState, type State } from '../state/index.ts'
import { openRedis } from '../state/open-redis.ts'
import { redisSessions } from '../state/redis-sessions.ts'
import { toStateError } from '../state/state-error.ts'
import { buildApp } from './app.ts'
import { listen } from './listen.ts'
import { ensureApiToken, removeServerFile, writeServerFile } from './local-files.ts'
import { LoginTokens } from './login-tokens.ts'
import { readTls } from './read-tls.ts'
import { requireHttps } from './require-https.ts'

export interface StartedServer {
  readonly url: string
  /** Opens the page, once. */
  readonly token: string
  /** Where people sign in, when that is at an identity provider. */
  readonly signInUrl: string | null
  /** Stops the running questions, keeps what is acknowledged and is done within two seconds. */
  close(): Promise<void>
}

/**
 * Opens the state, makes the assistant (`createAssistant`, unless another is given) and listens.
 * @throws AppError in one line that says what to do: DATA_DIR_LOCKED, PORT_TAKEN, DISK_FULL, CONFIG_INVALID and more.
 */
export async function startServer(
  config: Config,
  makeAssistant?: (config: Config, state: Promise<State>) => Promise<Assistant>,
): Promise<StartedServer> {
  const logger = createLogger('gateway', { level: config.logLevel })
  const opened: Array<() => Promise<void> | void> = []
  /** Closes in the reverse order of opening; one that fails does not keep the others open. */
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) {
      try {
        await close()
      } catch (error) {
        logger.error({ err: error }, 'closing failed')
      }
    }
  }
  try {
    requireHttps(config)
    const settings = identitySettings(config)
    const sealer = createSealer(config.encryptionKeys)
    const redis = config.redisUrl === undefined ? undefined : openRedis(config.redisUrl)
    if (redis) opened.push(() => redis.disconnect())
    // The graphs and the sources take about a second: meanwhile, the state opens.
    const loading = makeAssistant
      ? Promise.resolve(makeAssistant)
      : import('../assistant/create-assistant.ts').then((module) => module.createAssistant)
    const opening = openState(config).then((state) => {
      opened.push(() => state.close())
      return state
    })
    const making = loading.then((make) => make(config, opening))
    const [state, assistant] = await settled(opening, making)
    opened.push(() => assistant.close())
    const loginTokens = new LoginTokens(config.token)
    const access = { apiToken: ensureApiToken(config.dataDir), loginTokens }
    const rules = await followRules(state)
    opened.push(() => rules.close())
    const identity = {
      settings,
      sealer,
      rolesOf: rules.rolesOf,
      permissionsOf: rules.permissionsOf,
      ...(redis ? { sessions: redisSessions(redis) } : {}),
    }
    const tls = await readTls(config)
    const app = await buildApp({
      config,
      assistant,
      state,
      logger,
      access,
      identity,
      ...(redis ? { redis } : {}),
      ...(tls ? { tls } : {}),
    })
    const { url, close } = await listen(app, config)
    opened.push(close)
    writeServerFile(config.dataDir, url)
    opened.push(() => removeServerFile(config.dataDir))
    const signInUrl = settings.oidc ? (config.publicUrl ?? url) : null
    return { url, token: loginTokens.issue(), signInUrl, close: closeAll }
  } catch (error) {
    await closeAll()
    throw toStateError(error)
  }
}

/** Both, once neither is under way: an error of one must not leave the other opening behind it. The state's comes first. */
async function settled<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b])
  return [await a, await b]
}
