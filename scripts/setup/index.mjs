import { isBuilt } from '../../native/scripts/build.mjs'
import { checkDemoData } from './demo.mjs'
import { installDependencies } from './dependencies.mjs'
import { buildEngine } from './engine.mjs'
import { buildPage } from './page.mjs'
import { step } from './progress.mjs'
import { checkToolchain } from './toolchain.mjs'

/** All that a fresh clone needs to run; each step is skipped when it is up to date. */
export async function setUp() {
  await step('Tools', () => checkToolchain(process.versions.node, !isBuilt()))
  await step('Packages', installDependencies)
  await step('Rust engine', buildEngine)
  await step('Page', buildPage)
  await step('Demo data', checkDemoData)
}
