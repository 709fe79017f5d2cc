import { toAppError } from '@plumbline/tools/errors'
import { loadConfig } from '../config.ts'
import { withEnvFile } from '../env-file.ts'
import { type StartedServer, startServer } from './server.ts'

/** Runs the server until Ctrl-C, SIGTERM or the end of what started it; a second signal ends it at once. */
export async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const config = loadConfig(withEnvFile(env))
  const starting = startServer(config)
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(130)
    stopping = true
    process.stdout.write('\nStopping …\n')
    starting.then((server) => server.close()).then(() => process.exit(0), fail)
  }
  // Before the link is printed: whoever reads it may stop the server at once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
  // npm start holds a channel to this process: when it is killed, nobody else would stop the server.
  process.once('disconnect', stop)
  // A terminal that was closed takes no more words; stopping goes on.
  process.stdout.on('error', () => {})
  const server = await starting
  if (stopping) return
  process.stdout.write(server.signInUrl === null ? byLink(server) : atProvider(server.signInUrl, config.localLogin))
}

const byLink = ({ url, token }: StartedServer) =>
  `\nPlumbline is ready. Open this link (it works once):\n\n  ${url}/?token=${token}\n\nCtrl-C stops it. A new link: npx plumbline link\n`

const atProvider = (url: string, localLogin: boolean) =>
  `\nPlumbline is ready. Sign in at\n\n  ${url}\n\nCtrl-C stops it.${localLogin ? ' The owner comes in on this machine with: npx plumbline link' : ''}\n`

/** One line that says what to do; the stack only where it was asked for. */
function fail(error: unknown): never {
  const known = toAppError(error)
  process.stderr.write(`${known.message}\n`)
  if (known.code === 'INTERNAL' || process.env.PLUMBLINE_LOG_LEVEL === 'debug') {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  }
  process.exit(1)
}

if (import.meta.filename === process.argv[1]) await main(process.env).catch(fail)
