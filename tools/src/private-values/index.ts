export { type PrivateCell, PrivateIndex } from './private-index.ts'
export { PrivateSession } from './private-session.ts'
