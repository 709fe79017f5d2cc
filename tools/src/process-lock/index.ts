export { processIdentity } from './process-identity.ts'
export { type Lock, takeLock } from './take-lock.ts'
