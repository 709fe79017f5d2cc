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
  'PostgreSQL',
  'PSF-2.0',
])

/** Packages whose licence is not on the list and that may ship all the same, with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  lightningcss: 'MPL-2.0; a build tool of the page, used unchanged and not part of what is built',
  dompurify: 'MPL-2.0 or Apache-2.0, by choice of the user: Apache-2.0',
}

/** Null when the licence lets a package ship; else what is wrong. An expression is allowed when one of its choices is. */
export function licenceProblem(name: string, licence: string | undefined): string | null {
  if (name in EXCEPTIONS || name.startsWith('lightningcss-')) return null
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
