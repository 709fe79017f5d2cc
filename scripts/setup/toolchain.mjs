import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'
import { stopWith } from './stop-with.mjs'

const FIRST_SETUP_BYTES = 3e9

/** Node, cargo (where something is to be built) and room on the disk, before anything is done. */
export function checkToolchain(version = process.versions.node, needsCargo = true) {
  if (Number(version.split('.')[0]) < 20) {
    stopWith(
      `Node ${version} is too old: install Node 20 or newer from https://nodejs.org, then run the command again.`,
    )
  }
  const cargo = needsCargo ? spawnSync('cargo', ['--version'], { stdio: 'ignore' }) : { status: 0 }
  if (cargo.error) {
    stopWith('Rust toolchain not found: install it from https://rustup.rs, then run the command again.')
  }
  if (cargo.status !== 0) {
    stopWith(
      'cargo is there and does not run: choose a toolchain with rustup default stable, then run the command again.',
    )
  }
  const { bavail, bsize } = fs.statfsSync(root)
  if (!fs.existsSync(join(root, 'node_modules')) && bavail * bsize < FIRST_SETUP_BYTES) {
    const free = ((bavail * bsize) / 1e9).toFixed(1)
    stopWith(
      `The disk has ${free} GB free; the first set-up needs about 3 GB. Free some space and run the command again.`,
    )
  }
}
