import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fingerprint, stamp } from './fingerprint.mjs'
import { node24, root } from './root.mjs'
import { runLogged } from './run-logged.mjs'
import { stopWith } from './stop-with.mjs'

const OFFLINE = /\b(ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|ERR_SOCKET_TIMEOUT)\b/

/** npm ci, when the lock file is another one than last time. */
export async function installDependencies(onLine) {
  const wanted = fingerprint(['package-lock.json'])
  const done = stamp('dependencies')
  if (done.holds(wanted) && existsSync(node24)) return 'up to date'
  await runLogged('plumbline-npm-ci', 'npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    // npm ci removes node_modules, so that the log must be elsewhere.
    logFolder: join(tmpdir(), 'plumbline-setup'),
    why: 'The packages could not be installed:',
    known: [
      [OFFLINE, 'npm can not reach its registry: check the network or npm’s proxy setting, then run this again.'],
    ],
    onLine,
  })
  if (!existsSync(node24)) {
    stopWith('Node 24 did not come with the packages: run npm config set ignore-scripts false, then run this again.')
  }
  done.write(wanted)
  return 'installed'
}
