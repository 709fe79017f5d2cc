import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, stamp } from './fingerprint.mjs'
import { node24, root } from './root.mjs'
import { runLogged } from './run-logged.mjs'

const SOURCES = ['chat-ui', 'tools/src/contract', 'tools/src/errors', 'package-lock.json']

/** The page, when its sources changed. */
export async function buildPage(onLine) {
  const wanted = fingerprint(SOURCES)
  const done = stamp('page')
  if (done.holds(wanted) && existsSync(join(root, 'chat-ui/dist/index.html'))) return 'up to date'
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  await runLogged('page', node24, [vite, 'build'], {
    cwd: join(root, 'chat-ui'),
    why: 'The page did not build:',
    onLine,
  })
  done.write(wanted)
  return 'built'
}
