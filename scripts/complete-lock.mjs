// node scripts/complete-lock.mjs: puts the packages of other platforms back into package-lock.json. npm leaves out an optional
// package that the registry in reach does not have, and `npm ci` then refuses the lock file everywhere.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { missingOptional } from './lock-gaps.mjs'

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const CPU = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']
const ALSO = { aarch64: 'arm64', amd64: 'x64', armhf: 'arm', armv7: 'arm', windows: 'win32' }

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url))
const lock = JSON.parse(readFileSync(file, 'utf8'))

/** What the registry says of a package, or nothing when it has it not. */
function published(name, spec) {
  try {
    const fields = ['version', 'dist.integrity', 'license', 'os', 'cpu']
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }
    const told = JSON.parse(execFileSync('npm', ['view', `${name}@${spec}`, ...fields, '--json'], options))
    return Array.isArray(told) ? told.at(-1) : told
  } catch {
    return {}
  }
}

for (const { parent, name, spec } of missingOptional(lock.packages)) {
  const told = published(name, spec)
  const version = told.version ?? (/^\d+\.\d+\.\d+/.test(spec) ? spec : null)
  if (version === null) throw new Error(`${name}@${spec} has no exact version and is not in the registry`)
  const words = name.split(/[/_-]/).map((word) => ALSO[word] ?? word)
  const [os, cpu] = [
    told.os ?? OS.filter((one) => words.includes(one)),
    told.cpu ?? CPU.filter((one) => words.includes(one)),
  ]
  lock.packages[`node_modules/${name}`] = {
    version,
    ...(told['dist.integrity'] ? { integrity: told['dist.integrity'] } : {}),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(parent.dev ? { dev: true } : {}),
    license: told.license ?? parent.license,
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  }
  console.log(`added ${name} ${version}`)
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
