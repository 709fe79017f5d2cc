import { toAppError } from '@plumbline/tools/errors'
import { loadConfig } from '../config.ts'
import { startServer } from './server.ts'

/** Runs the server until Ctrl-C or SIGTERM; a second signal ends it at once. */
export async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const server = await startServer(loadConfig(env))
  process.stdout.write(
    `\nPlumbline is ready. Open this link (it works once):\n\n  ${server.url}/?token=${server.token}\n\n`,
  )
  process.stdout.write('Ctrl-C stops it. A new link: npx plumbline link\n')
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(130)
    stopping = true
    process.stdout.write('\nStopping …\n')
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

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
