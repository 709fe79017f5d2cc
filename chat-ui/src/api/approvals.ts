import { Approval, ApprovalPage } from '@plumbline/tools/contract'
import { queryText, send } from './send.ts'

const at = (id: string, what: string) => `/approvals/${encodeURIComponent(id)}/${what}`
const said = (comment: string) => (comment.trim() === '' ? {} : { comment: comment.trim() })

export const approvalsApi = {
  /** Of other people, newest first: what waits, or all. */
  list: async (state: 'requested' | null, before: string | null) =>
    ApprovalPage.parse(await send('GET', `/approvals${queryText({ state, before })}`)),
  get: async (id: string) => Approval.parse(await send('GET', `/approvals/${encodeURIComponent(id)}`)),
  request: async (id: string, comment: string) => Approval.parse(await send('POST', at(id, 'request'), said(comment))),
  approve: async (id: string, comment: string) => Approval.parse(await send('POST', at(id, 'approve'), said(comment))),
  decline: async (id: string, comment: string) => Approval.parse(await send('POST', at(id, 'decline'), said(comment))),
}
