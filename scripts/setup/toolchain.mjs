import { spawnSync } from 'node:child_process'
import { existsSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'
import { stopWith } from './stop-with.mjs'

const FIRST_SETUP_BYTES = 3e9

/** Node, cargo and room on the disk, before anything is done. */
export function checkToolchain(version = process.versions.node) {
  if (Number(version.split('.')[0]) < 20) {
    stopWith(
      `Node ${version} is too old: install Node 20 or newer from https://nodejs.org, then run the command again.`,
    )
  }
  if (spawnSync('cargo', ['--version'], { stdio: 'ignore' }).error) {
    stopWith('Rust toolchain not found: install it from https://rustup.rs, then run the command again.')
  }
  const { bavail, bsize } = statfsSync(root)
  if (!existsSync(join(root, 'node_modules')) && bavail * bsize < FIRST_SETUP_BYTES) {
    const free = ((bavail * bsize) / 1e9).toFixed(1)
    stopWith(
      `The disk has ${free} GB free; the first set-up needs about 3 GB. Free some space and run the command again.`,
    )
  }
}
