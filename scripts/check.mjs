// npm run check: format, types, layers, dead code, licences, generated documents.
import { check } from './check-steps.mjs'

const { passed, failed } = check()
console.log(`${passed} checks passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
