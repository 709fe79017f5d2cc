import { join } from 'node:path'
import { isBuilt } from '../../native/scripts/build.mjs'
import { root } from './root.mjs'
import { runLogged } from './run-logged.mjs'

/** The Rust engine, when its sources changed. */
export async function buildEngine(onLine) {
  if (isBuilt()) return 'up to date'
  await runLogged('engine', process.execPath, [join(root, 'native/scripts/build.mjs')], {
    why: 'The Rust engine did not build:',
    onLine,
  })
  return 'built'
}
