export { openSources, type Sources } from './open-sources.ts'
export type { RegisteredServer } from './registry.ts'
export type { CallOptions, SourceClient } from './source-client.ts'
