import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The checkout of Plumbline that a folder lies in, or null. */
export function checkoutFolder(from: string = process.cwd()): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    if (isCheckout(folder)) return folder
    if (dirname(folder) === folder) return null
  }
}

function isCheckout(folder: string): boolean {
  const file = join(folder, 'package.json')
  return existsSync(file) && /"name":\s*"plumbline"/.test(readFileSync(file, 'utf8'))
}
