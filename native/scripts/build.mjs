// Builds the Rust engine and puts it beside the package. Skipped while its sources are the ones of the last build.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const binary = join(root, `plumbline.${process.platform}-${process.arch}.node`)
const stamp = `${binary}.stamp`

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'target' && entry.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return sources(path)
      return /\.(rs|toml|txt|lock)$/.test(entry.name) ? [path] : []
    })
}

function fingerprint() {
  const hash = createHash('sha256').update(process.platform + process.arch)
  for (const path of sources(root))
    hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

/** @returns {boolean} whether the binary fits the sources */
export function isBuilt() {
  return existsSync(binary) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()
}

/** Builds unless it is built. Throws an Error whose message says what to do. */
export function build() {
  if (isBuilt()) return 'up to date'
  const { status, error } = spawnSync('cargo', ['build', '--release', '--locked', '-p', 'plumbline-binding'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error?.code === 'ENOENT')
    throw new Error('Rust toolchain not found: install it from https://rustup.rs, then run the command again.')
  if (status !== 0) throw new Error('The Rust engine did not build; the lines above say why.')
  // Cargo runs in this folder, so a relative path starts here.
  const target = resolve(root, process.env.CARGO_TARGET_DIR || 'target')
  const library = {
    linux: 'libplumbline_binding.so',
    darwin: 'libplumbline_binding.dylib',
    win32: 'plumbline_binding.dll',
  }
  // Renamed into place: a process that has the old one loaded keeps it.
  copyFileSync(join(target, 'release', library[process.platform] ?? library.linux), `${binary}.new`)
  renameSync(`${binary}.new`, binary)
  writeFileSync(stamp, fingerprint())
  return 'built'
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(`Rust engine: ${build()}`)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
