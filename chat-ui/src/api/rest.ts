import {
  Catalog,
  Me,
  SignedOut,
  SignInMethods,
  ThreadDetail,
  ThreadPage,
  UsageReport,
  type Vote,
} from '@plumbline/tools/contract'
import { send } from './send.ts'

const id = encodeURIComponent

export const api = {
  me: async () => Me.parse(await send('GET', '/me')),
  catalog: async () => Catalog.parse(await send('GET', '/catalog')),
  /** Newest first; `before` is the `next` of the page before. */
  threads: async (before: string | null) =>
    ThreadPage.parse(await send('GET', before === null ? '/threads' : `/threads?before=${id(before)}`)),
  thread: async (threadId: string) => ThreadDetail.parse(await send('GET', `/threads/${id(threadId)}`)),
  renameThread: (threadId: string, title: string) => send('PATCH', `/threads/${id(threadId)}`, { title }),
  deleteThread: (threadId: string) => send('DELETE', `/threads/${id(threadId)}`),
  vote: (answerId: string, vote: Vote | null) => send('PUT', `/answers/${id(answerId)}/feedback`, { vote }),
  usage: async () => UsageReport.parse(await send('GET', '/usage?days=1')),
  login: (token: string) => send('POST', '/login', { token }),
  /** Where to go to end the session at the identity provider too, or null. */
  logout: async () => SignedOut.safeParse(await send('POST', '/logout')).data?.endSessionUrl ?? null,
  signInMethods: async () => SignInMethods.parse(await send('GET', '/auth/methods')),
}
