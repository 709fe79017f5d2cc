import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fingerprint, stamp } from './fingerprint.mjs'
import { node24, root } from './root.mjs'
import { runLogged } from './run-logged.mjs'

/** npm ci, when the lock file is another one than last time. */
export async function installDependencies() {
  const wanted = fingerprint(['package-lock.json'])
  const done = stamp('dependencies')
  if (done.holds(wanted) && existsSync(node24)) return 'up to date'
  await runLogged('plumbline-npm-ci', 'npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    // npm ci removes node_modules, so that the log must be elsewhere.
    logFolder: join(tmpdir(), 'plumbline-setup'),
    why: 'The packages could not be installed. If there is no network, connect and run the command again.',
  })
  done.write(wanted)
  return 'installed'
}
