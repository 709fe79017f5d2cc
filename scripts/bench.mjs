// npm run bench: every benchmark, one after another; each prints ratios against a peer of the same run.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { setUp } from './setup/index.mjs'
import { node24, root } from './setup/root.mjs'
import { explain, stopWith } from './setup/stop-with.mjs'

/** Folders of the checkout that may hold a package. Node 20 has no glob. */
function packages(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => join(folder, name))
}

function benchmarks(folder) {
  const bench = join(root, folder, 'bench')
  if (!existsSync(bench)) return []
  return readdirSync(bench)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, 'bench', name))
}

try {
  await setUp()
  const only = process.argv[2]
  const files = [...packages('.'), ...packages('mcp-servers')].flatMap(benchmarks)
  const wanted = files.filter((file) => !only || file.includes(only)).sort()
  if (wanted.length === 0) stopWith(`There is no benchmark called ${only}. There are ${files.join(', ')}.`)
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout?.trim()
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  console.log(
    `\n${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${cpus().length} × ${cpus()[0]?.model}, ${memory} GiB`,
  )
  for (const file of wanted) {
    console.log(`\n## ${file}`)
    const { status } = spawnSync(node24, [join(root, file)], { cwd: root, stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
} catch (error) {
  console.error(`\n${explain(error)}`)
  process.exitCode = 1
}
