import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LockedPackage, packageProblems } from './licence-rules.ts'
import { missingOptional } from './lock-gaps.mjs'

// Every package that ships with the product has a licence that allows it, and the lock file names no private mirror.
const root = fileURLToPath(new URL('..', import.meta.url))
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>
}
const problems = packageProblems(lock.packages, installedLicence)

function installedLicence(path: string): string | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as {
      license?: unknown
      licenses?: { type: string }[]
    }
    return typeof manifest.license === 'string'
      ? manifest.license
      : manifest.licenses?.map(({ type }) => type).join(' OR ')
  } catch {
    // A package of another platform is in the lock file and not on the disk.
    return undefined
  }
}

for (const { name } of missingOptional(lock.packages)) {
  problems.push(`${name} is not in package-lock.json: run node scripts/complete-lock.mjs, or npm ci fails.`)
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
