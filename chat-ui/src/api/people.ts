import { User, UserList } from '@plumbline/tools/contract'
import { send } from './send.ts'

const at = (id: string) => `/users/${encodeURIComponent(id)}`

export const peopleApi = {
  list: async () => UserList.parse(await send('GET', '/users')),
  /** Disabling ends the sessions, tokens and keys of the person at once. */
  setDisabled: async (id: string, disabled: boolean) => User.parse(await send('PATCH', at(id), { disabled })),
  signOut: (id: string) => send('POST', `${at(id)}/sign-out`),
}
