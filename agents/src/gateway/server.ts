import { createLogger } from '@plumbline/tools/telemetry'
import type { Assistant } from '../assistant/assistant.ts'
import type { Config } from '../config.ts'
import { openState, type State } from '../state/index.ts'
import { toStateError } from '../state/state-error.ts'
import { buildApp } from './app.ts'
import { listen } from './listen.ts'
import { ensureApiToken, removeServerFile, writeServerFile } from './local-files.ts'
import { LoginTokens } from './login-tokens.ts'

export interface StartedServer {
  readonly url: string
  /** Opens the page, once. */
  readonly token: string
  /** Stops the running questions, keeps what is acknowledged and is done within two seconds. */
  close(): Promise<void>
}

/**
 * Opens the state, makes the assistant (`createAssistant`, unless another is given) and listens.
 * @throws AppError in one line that says what to do: DATA_DIR_LOCKED, PORT_TAKEN, DISK_FULL, CONFIG_INVALID and more.
 */
export async function startServer(
  config: Config,
  makeAssistant?: (config: Config, state: State) => Promise<Assistant>,
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
    // The graphs take 0.4 s to load: meanwhile, the state opens.
    const loading = makeAssistant
      ? Promise.resolve(makeAssistant)
      : import('../assistant/create-assistant.ts').then((module) => module.createAssistant)
    // Awaited below; if the state fails first, that is what is reported.
    loading.catch(() => {})
    const state = await openState(config)
    opened.push(() => state.close())
    const assistant = await (await loading)(config, state)
    opened.push(() => assistant.close())
    const loginTokens = new LoginTokens(config.token)
    const access = { apiToken: ensureApiToken(config.dataDir), loginTokens }
    const app = await buildApp({ config, assistant, state, logger, access })
    const { url, close } = await listen(app, config)
    opened.push(close)
    writeServerFile(config.dataDir, url)
    opened.push(() => removeServerFile(config.dataDir))
    return { url, token: loginTokens.issue(), close: closeAll }
  } catch (error) {
    await closeAll()
    throw toStateError(error)
  }
}
