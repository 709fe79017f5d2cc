import { type AuditExportFormat, auditExport, type VerifyOptions } from '@plumbline/tools/audit'
import { type AuditFilter, AuditHead, AuditPage, AuditVerdict } from '@plumbline/tools/contract'
import { AppError, toAppError } from '@plumbline/tools/errors'
import type { Config } from '../config.ts'
import type { State } from '../state/index.ts'
import { type RunningServer, runningServer } from './ask-door.ts'
import { withOwnState } from './with-own-state.ts'

/** The audit log of the running server, or of the state in this process. */
export interface AuditDoor {
  search(filter: AuditFilter, limit: number): Promise<AuditPage>
  head(): Promise<AuditHead>
  export(filter: AuditFilter, format: AuditExportFormat): Promise<AsyncIterable<string | Uint8Array>>
  verify(anchors: NonNullable<VerifyOptions['anchors']>, onProgress: (checked: number) => void): Promise<AuditVerdict>
}

export async function withAuditDoor<T>(config: Config, work: (door: AuditDoor) => Promise<T>): Promise<T> {
  const server = await runningServer(config)
  if (server) return work(serverDoor(server))
  return withOwnState(config, async (state) => work(await ownDoor(state)))
}

function serverDoor(server: RunningServer): AuditDoor {
  const query = (filter: AuditFilter, more: Record<string, string | number>) =>
    new URLSearchParams(Object.entries({ ...filter, ...more }).map(([name, value]) => [name, String(value)]))
  return {
    async search(filter, limit) {
      return AuditPage.parse(await server.call('GET', `/api/audit?${query(filter, { limit })}`))
    },
    async head() {
      const { entries } = AuditPage.parse(await server.call('GET', '/api/audit?limit=1'))
      return AuditHead.parse(entries[0] ?? { seq: 0, hash: '0'.repeat(64) })
    },
    export: (filter, format) => server.open(`/api/audit/export?${query(filter, { format })}`, '*/*'),
    async verify(heads, onProgress) {
      const stream = await server.open('/api/audit/verify', 'text/event-stream', { heads })
      for await (const { event, data } of eventsOf(stream)) {
        if (event === 'progress') onProgress((data as { checked: number }).checked)
        if (event === 'verdict') return AuditVerdict.parse(data)
        if (event === 'error') throw toAppError(data)
      }
      throw new AppError('STATE_UNAVAILABLE', 'The server stopped before it had read the whole log: try again.')
    },
  }
}

/** The events of a `text/event-stream` that our server writes: one line of each field, data in JSON. */
async function* eventsOf(stream: ReadableStream<Uint8Array>): AsyncIterable<{ event: string; data: unknown }> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const bytes of stream) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const found = /^event: (.*)\ndata: (.*)$/.exec(block)
      if (found) yield { event: found[1] ?? '', data: JSON.parse(found[2] ?? '') }
    }
  }
}

async function ownDoor({ audit }: State): Promise<AuditDoor> {
  const { localPrincipal } = await import('../assistant/local-principal.ts')
  return {
    search: (filter, limit) => audit.search(filter, { limit }),
    head: () => audit.head(),
    async export(filter, format) {
      const { id, name, roles } = localPrincipal
      await audit.record({
        principal: { id, name, roles },
        surface: 'cli',
        action: 'audit-exported',
        outcome: 'ok',
        details: { format, ...JSON.parse(JSON.stringify(filter)) },
      })
      return auditExport(audit.entries(filter), format)
    },
    verify: (anchors, onProgress) => audit.verify({ anchors, onProgress }),
  }
}
