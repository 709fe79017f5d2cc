import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { node24, root } from './setup/root.mjs'
import { stopWith } from './setup/stop-with.mjs'

const bin = (path) => join(root, 'node_modules', path)
const native = join(root, 'native')

/** What must hold of the sources, a command each. */
const STEPS = [
  ['format and lint (biome)', node24, [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.']],
  ['types (tsc)', node24, [bin('typescript/bin/tsc'), '-b']],
  ['types of the page (vue-tsc)', node24, [bin('vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'chat-ui/tsconfig.json']],
  [
    'layers (dependency-cruiser)',
    node24,
    [
      bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'agents',
      'chat-ui',
      'evals',
      'mcp-servers',
      'native',
      'tools',
      'scripts',
    ],
  ],
  ['dead code (knip)', node24, [bin('knip/bin/knip.js')]],
  ['licences', node24, [join(root, 'scripts/licences.ts')]],
  ['generated documents', node24, [join(root, 'scripts/docs.ts'), '--check']],
  ['Rust format', 'cargo', ['fmt', '--check'], native],
  ['Rust lint (clippy)', 'cargo', ['clippy', '--release', '--workspace', '--locked', '--', '-D', 'warnings'], native],
]

/**
 * Runs every step. Returns how many held and how many did not; prints what a failed one said.
 * Throws a SetupError when there are no packages to run them with.
 */
export function check() {
  const env = { ...process.env, PATH: `${join(root, 'node_modules/node/bin')}:${process.env.PATH}`, NO_COLOR: '1' }
  if (!existsSync(node24)) stopWith('The packages are not installed: run npm start once, or npm ci.')
  const counts = { passed: 0, failed: 0 }
  for (const [title, command, args, cwd = root] of STEPS) {
    if (command === 'cargo' && !hasCargo(args[0], env)) {
      const component = args[0] === 'fmt' ? 'rustfmt' : 'clippy'
      console.log(
        `✗ ${title}: cargo ${args[0]} does not run. Install Rust from https://rustup.rs, or run: rustup component add ${component}`,
      )
      counts.failed++
      continue
    }
    const startedAt = performance.now()
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 64 << 20 })
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    console.log(`${status === 0 ? '✓' : '✗'} ${title} (${seconds} s)`)
    if (status === 0) counts.passed++
    else {
      counts.failed++
      console.log(`${stdout}${stderr}`.trimEnd())
    }
  }
  return counts
}

function hasCargo(subcommand, env) {
  return existsSync(native) && spawnSync('cargo', [subcommand, '--version'], { env, stdio: 'ignore' }).status === 0
}
