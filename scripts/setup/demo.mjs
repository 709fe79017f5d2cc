import { statSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, stamp } from './fingerprint.mjs'
import { node24, root } from './root.mjs'
import { runLogged } from './run-logged.mjs'

const FOLDER = 'mcp-servers/engine/demo/flights'

/** Compares the shipped data with its checksums, once for each state of the manifest. */
export async function checkDemoData() {
  const tables = ['airlines', 'airports', 'flights', 'planes', 'weather']
  const sizes = tables.map(
    (name) => statSync(join(root, FOLDER, `${name}.parquet`), { throwIfNoEntry: false })?.size ?? 0,
  )
  const wanted = `${fingerprint([`${FOLDER}/manifest.json`])} ${sizes.join(' ')}`
  const done = stamp('demo')
  if (done.holds(wanted)) return 'up to date'
  await runLogged('demo', node24, [join(root, 'scripts/demo-data.ts')], { why: 'The demo data is not whole:' })
  done.write(wanted)
  return 'checked'
}
