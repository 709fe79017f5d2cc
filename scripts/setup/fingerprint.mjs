import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root, scratch } from './root.mjs'

function files(path) {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path)
    .filter((name) => name !== 'node_modules' && name !== 'dist' && name !== 'screenshots')
    .sort()
    .flatMap((name) => files(join(path, name)))
}

/** A hash over the contents of files and folders of the checkout. */
export function fingerprint(paths) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap((path) => files(join(root, path)))) {
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

/** A step's memory of what it was last done for. */
export function stamp(name) {
  const file = join(scratch, `${name}.stamp`)
  return {
    holds: (value) => existsSync(file) && readFileSync(file, 'utf8') === value,
    write(value) {
      mkdirSync(scratch, { recursive: true })
      writeFileSync(file, value)
    },
  }
}
