import type { Permission } from '@plumbline/tools/contract'
import { type Gateway, runGateway, temporaryState } from '../../src/gateway/testing/running-gateway.ts'
import type { IdentityEvent, IdentityOptions } from '../../src/identity/index.ts'
import { LOCAL_SETTINGS } from '../../src/identity/settings.ts'
import type { State } from '../../src/state/index.ts'
import { Browser } from './browser.ts'
import { CLIENT } from './local-provider.ts'

const ROLES: Record<string, string> = { analysts: 'analyst', managers: 'manager' }
const PERMISSIONS: Record<string, Permission[]> = {
  analyst: ['ask', 'keys.manage'],
  manager: ['ask', 'users.manage'],
  owner: ['ask', 'keys.manage', 'users.manage'],
}

export interface SignedInGateway extends Gateway {
  readonly state: State
  /** What was told to the audit log, in order. */
  readonly events: IdentityEvent[]
}

/** A gateway whose people sign in at `issuer`: analysts and managers have a role, others have none. */
export async function gatewayAt(
  issuer: string,
  optionsFor: (state: State) => IdentityOptions = () => ({}),
): Promise<SignedInGateway> {
  const { state, remove } = await temporaryState()
  const events: IdentityEvent[] = []
  const oidc = {
    ...CLIENT,
    issuer,
    scopes: 'openid profile email',
    groupsClaim: 'groups',
    attributeClaims: new Map([['region', 'region']]),
  }
  const gateway = await runGateway(state, {
    identity: {
      settings: { ...LOCAL_SETTINGS, oidc },
      rolesOf: (groups) => groups.flatMap((group) => ROLES[group] ?? []),
      permissionsOf: ({ roles }) => new Set(roles.flatMap((role) => PERMISSIONS[role] ?? [])),
      record: (event) => {
        events.push(event)
      },
      ...optionsFor(state),
    },
  })
  return {
    ...gateway,
    state,
    events,
    async close() {
      await gateway.close()
      await remove()
    },
  }
}

/** A browser in which somebody has signed in. */
export async function browserOf(gateway: Gateway, login: string): Promise<Browser> {
  const browser = new Browser()
  await browser.signInAtProvider(`${gateway.url}/api/auth/login`, login)
  return browser
}

/** JSON in and out, as the page's script sends it. */
export async function send(browser: Browser, gateway: Gateway, method: string, path: string, body?: unknown) {
  const response = await browser.fetch(`${gateway.url}${path}`, {
    method,
    headers: {
      origin: gateway.url,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  // biome-ignore lint/suspicious/noExplicitAny: a test reads into JSON of any shape and asserts what it finds
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as any, headers: response.headers }
}
