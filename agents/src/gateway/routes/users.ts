import { User, UserChange, UserList } from '@plumbline/tools/contract'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Identity, userOf } from '../../identity/index.ts'
import { failures } from '../error-reply.ts'

const tags = ['access']
const params = z.object({ id: z.string().min(1).max(600) })

export const userRoutes: FastifyPluginAsyncZod<{ identity: Identity }> = async (app, { identity }) => {
  const { users } = identity.stores

  app.get(
    '/users',
    {
      config: { scope: 'admin', permission: 'users.manage' },
      schema: { tags, summary: 'Who has signed in here', response: { 200: UserList, ...failures } },
    },
    async () => ({ users: (await users.list()).map((user) => userOf(user, identity.rolesOf)) }),
  )

  app.patch(
    '/users/:id',
    {
      config: { scope: 'admin', permission: 'users.manage' },
      schema: {
        tags,
        summary: 'Disable or enable a person',
        description: 'Disabling ends their sessions, tokens and keys at once.',
        params,
        body: UserChange,
        response: { 200: User, ...failures },
      },
    },
    async ({ principal, params: { id }, body: { disabled } }) =>
      userOf(await identity.setDisabled(id, disabled, principal), identity.rolesOf),
  )

  app.post(
    '/users/:id/sign-out',
    {
      config: { scope: 'admin', permission: 'users.manage' },
      schema: {
        tags,
        summary: 'End all sessions and tokens of a person',
        params,
        response: { 204: z.null().describe('Done'), ...failures },
      },
    },
    async ({ principal, params: { id } }, reply) => {
      await identity.signOutEverywhere(id, principal)
      return reply.code(204).send(null)
    },
  )
}
