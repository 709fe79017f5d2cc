// npm run check: format, types, layers, dead code, licences, generated documents.
import { check } from './check-steps.mjs'
import { explain } from './setup/stop-with.mjs'

try {
  const { passed, failed } = check()
  console.log(`${passed} checks passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}
