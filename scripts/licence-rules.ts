const ALLOWED = new Set([
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
  'MIT-0',
])

/** Packages that may ship all the same, under this licence only, with the reason. */
const EXCEPTIONS: readonly { name: RegExp; licence: string; reason: string }[] = [
  {
    name: /^lightningcss(-|$)/,
    licence: 'MPL-2.0',
    reason: 'a build tool of the page, used unchanged and no part of what it builds',
  },
  { name: /^argparse$/, licence: 'PSF-2.0', reason: 'Python’s own licence under its other name, as permissive as BSD' },
]

/** Null when the licence lets a package ship; else what is wrong. An expression is allowed when one of its choices is. */
export function licenceProblem(name: string, licence: string | undefined): string | null {
  if (EXCEPTIONS.some((one) => one.name.test(name) && one.licence === licence)) return null
  if (licence === undefined) return `${name} names no licence.`
  const choices = licence.replace(/[()]/g, '').split(/\s+OR\s+/i)
  const allowed = choices.some((choice) => choice.split(/\s+AND\s+/i).every((part) => ALLOWED.has(part.trim())))
  return allowed ? null : `${name} has the licence ${licence}, which is not on the list of scripts/licence-rules.ts.`
}

/** The lock file may name the public registry or nothing. */
export function registryProblem(name: string, resolved: string | undefined): string | null {
  if (resolved === undefined || resolved.startsWith('https://registry.npmjs.org/') || !resolved.includes('://'))
    return null
  return `${name} is locked to a host other than the public registry.`
}

/** One package of a lock file. */
export interface LockedPackage {
  readonly dev?: boolean
  readonly link?: boolean
  readonly resolved?: string
  readonly license?: string
}

/**
 * What is wrong with the packages of a lock file, by the place where each is installed; a workspace may have its own.
 * @param installedLicence says what the package at a place names, when the lock file does not.
 */
export function packageProblems(
  packages: Readonly<Record<string, LockedPackage>>,
  installedLicence: (path: string) => string | undefined,
): string[] {
  const folder = 'node_modules/'
  return Object.entries(packages).flatMap(([path, entry]) => {
    const at = path.lastIndexOf(folder)
    if (at < 0 || entry.link) return []
    const name = path.slice(at + folder.length)
    const licence = entry.dev ? null : licenceProblem(name, entry.license ?? installedLicence(path))
    return [licence, registryProblem(name, entry.resolved)].filter((problem) => problem !== null)
  })
}
