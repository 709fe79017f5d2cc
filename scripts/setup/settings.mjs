import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { root } from './root.mjs'

/** The three settings that are looked at before there are packages; `agents/src/config.ts` reads them all, and judges them. */
export function settings(env = process.env) {
  const set = { ...envFile(), ...env }
  return {
    port: Number(set.PLUMBLINE_PORT || 3000),
    host: set.PLUMBLINE_HOST || '127.0.0.1',
    dataDir: resolve(root, set.PLUMBLINE_DATA_DIR || '.plumbline'),
  }
}

/** Plain lines of `.env`: Node's own reader is not in every Node 20. */
function envFile() {
  try {
    const lines = readFileSync(join(root, '.env'), 'utf8').matchAll(/^\s*(\w+)\s*=\s*(["']?)([^\n#"']*)\2/gm)
    return Object.fromEntries([...lines].map(([, name, , value]) => [name, value.trim()]))
  } catch {
    // No file, or one that the server will complain about.
    return {}
  }
}
