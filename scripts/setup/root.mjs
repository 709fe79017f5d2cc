import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')

/** Node 24 comes with the dependencies; the machine's own may be older. */
export const node24 = join(root, 'node_modules/node/bin/node')

/** Where steps leave their stamps and logs. */
export const scratch = join(root, 'node_modules/.plumbline')
