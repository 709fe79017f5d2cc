import { ApiKeyCreated, ApiKeyList, type ApiKeyRequest } from '@plumbline/tools/contract'
import { queryText, send } from './send.ts'

export const keysApi = {
  list: async (everyone: boolean) =>
    ApiKeyList.parse(await send('GET', `/keys${queryText({ everyone: everyone ? 'true' : null })}`)),
  create: async (request: ApiKeyRequest) => ApiKeyCreated.parse(await send('POST', '/keys', request)),
  revoke: (id: string) => send('DELETE', `/keys/${encodeURIComponent(id)}`),
}
