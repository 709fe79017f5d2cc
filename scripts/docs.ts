import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { renderConfigTable, renderEnvExample } from '@plumbline/tools/config'
import { configFields } from '../agents/src/config.ts'
import type { Capability } from './capabilities-report.ts'
import { capabilityTable, replaceSection } from './generated-sections.ts'

// npm run docs: writes the parts of README.md and .env.example that are made from the code. --check only compares.
const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '')

const listed = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts', '*/conformance/*.ts'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
const tests = new Map(
  listed
    .trim()
    .split('\n')
    .filter((file) => existsSync(join(root, file)))
    .sort()
    .map((file) => [file, read(file)]),
)
const capabilities = JSON.parse(read('docs/capabilities.json')) as Capability[]

let readme = read('README.md')
readme = replaceSection(readme, 'capabilities', `\n${capabilityTable(capabilities, tests)}\n`)
readme = replaceSection(readme, 'config', `\n${renderConfigTable(configFields).trim()}\n`)

const made = { 'README.md': readme, '.env.example': renderEnvExample(configFields) }
const stale = Object.entries(made).filter(([file, text]) => read(file) !== text)
if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is not what the code says: run npm run docs`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  for (const [file, text] of stale) {
    writeFileSync(join(root, file), text)
    console.log(`wrote ${file}`)
  }
}
