import { fileURLToPath } from 'node:url'
import type { Config } from '../../config.ts'
import { examine, renderFindings } from './finding.ts'
import { installationChecks } from './installation-checks.ts'
import { stateChecks } from './state-checks.ts'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))

/** Checks the installation; 0 when nothing is to mend. */
export async function doctorCommand(options: { json?: boolean }, config: Config): Promise<number> {
  const findings = await examine([...installationChecks(ROOT, config), ...stateChecks(config)])
  process.stdout.write(options.json ? `${JSON.stringify(findings, null, 2)}\n` : `${renderFindings(findings)}\n`)
  return findings.some(({ status }) => status === 'bad') ? 1 : 0
}
