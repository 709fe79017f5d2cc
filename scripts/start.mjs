// npm start: sets up what is missing, then serves the page and prints a link with a one-time token.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setUp } from './setup/index.mjs'
import { checkPort } from './setup/port.mjs'
import { node24, root, scratch } from './setup/root.mjs'
import { settings } from './setup/settings.mjs'
import { explain } from './setup/stop-with.mjs'

try {
  const { port, host, dataDir } = settings()
  await checkPort(port, host, dataDir)
  await setUp()
  const server = spawn(node24, [join(root, 'agents/src/gateway/main.ts')], {
    cwd: root,
    // A session of its own, so that a Ctrl-C reaches the server once, through this process; the channel ends it with this
    // process, however that ends.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Compiled code is kept between starts: it saves a third of a second.
    env: { NODE_COMPILE_CACHE: join(scratch, 'compile-cache'), ...process.env },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal))
  server.once('exit', (code, signal) => {
    process.exitCode = signal ? 1 : (code ?? 1)
  })
} catch (error) {
  console.error(`\n${explain(error)}`)
  process.exitCode = 1
}
