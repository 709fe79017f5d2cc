import { SharedAnswer, ShareLink } from '@plumbline/tools/contract'
import { send } from './send.ts'

export const sharingApi = {
  share: async (answerId: string) =>
    ShareLink.parse(await send('POST', `/answers/${encodeURIComponent(answerId)}/share`)),
  open: async (id: string) => SharedAnswer.parse(await send('GET', `/shared/${encodeURIComponent(id)}`)),
  revoke: (id: string) => send('DELETE', `/shared/${encodeURIComponent(id)}`),
}
