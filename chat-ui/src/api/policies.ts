import {
  DryRun,
  type DryRunRequest,
  Policies,
  PolicyCheck,
  type PolicySave,
  PolicyText,
} from '@plumbline/tools/contract'
import { send } from './send.ts'

export const policiesApi = {
  all: async () => Policies.parse(await send('GET', '/policies')),
  version: async (version: number) => PolicyText.parse(await send('GET', `/policies/${version}`)),
  check: async (yaml: string) => PolicyCheck.parse(await send('POST', '/policies/check', { yaml })),
  /** @throws ApiError CONFLICT when `expectedVersion` is not the newest any more. */
  save: async (save: PolicySave) => PolicyText.parse(await send('PUT', '/policies', save)),
  restore: async (version: number, expectedVersion: number) =>
    PolicyText.parse(await send('POST', '/policies/restore', { version, expectedVersion })),
  dryRun: async (request: DryRunRequest) => DryRun.parse(await send('POST', '/policies/dry-run', request)),
}
