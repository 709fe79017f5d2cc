import { AppError } from '@plumbline/tools/errors'
import type { Config } from '../config.ts'

/** The identity provider and how its claims are read. */
export interface OidcSettings {
  readonly issuer: string
  readonly clientId: string
  /** A public client (PKCE alone) has none. */
  readonly clientSecret?: string
  /** Separated by spaces; `openid` is among them. */
  readonly scopes: string
  readonly groupsClaim: string
  /** Attribute of the principal → claim it is read from. */
  readonly attributeClaims: ReadonlyMap<string, string>
}

export interface IdentitySettings {
  readonly oidc?: OidcSettings
  /** Whether one-time links let in. */
  readonly localLogin: boolean
  /** Of sessions that began at the identity provider. */
  readonly sessionMs: number
  readonly sessionIdleMs: number
}

export const LOCAL_SETTINGS: IdentitySettings = {
  localLogin: true,
  sessionMs: 12 * 3_600_000,
  sessionIdleMs: 60 * 60_000,
}

type IdentityConfig = Pick<
  Config,
  | 'oidcIssuer'
  | 'oidcClientId'
  | 'oidcClientSecret'
  | 'oidcScopes'
  | 'oidcGroupsClaim'
  | 'attributeClaims'
  | 'localLogin'
  | 'sessionHours'
  | 'sessionIdleMinutes'
>

/** The settings of sign-in out of the process configuration. @throws CONFIG_INVALID when they do not fit together. */
export function identitySettings(config: IdentityConfig): IdentitySettings {
  const oidc = oidcSettings(config)
  if (!oidc && !config.localLogin) {
    throw invalid('PLUMBLINE_LOCAL_LOGIN=off needs PLUMBLINE_OIDC_ISSUER: otherwise nobody could sign in.')
  }
  return {
    ...(oidc ? { oidc } : {}),
    localLogin: config.localLogin,
    sessionMs: config.sessionHours * 3_600_000,
    sessionIdleMs: config.sessionIdleMinutes * 60_000,
  }
}

function oidcSettings(config: IdentityConfig): OidcSettings | undefined {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = config
  if (issuer === undefined && clientId === undefined) return undefined
  if (issuer === undefined) throw invalid('PLUMBLINE_OIDC_CLIENT_ID is set and PLUMBLINE_OIDC_ISSUER is not.')
  if (clientId === undefined) throw invalid('PLUMBLINE_OIDC_ISSUER is set and PLUMBLINE_OIDC_CLIENT_ID is not.')
  if (!isSafe(issuer)) {
    throw invalid('PLUMBLINE_OIDC_ISSUER must begin with https:// (http:// is for a provider on this machine).')
  }
  const scopes = config.oidcScopes.split(/\s+/).filter((scope) => scope !== '')
  return {
    issuer,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    scopes: [...new Set(['openid', ...scopes])].join(' '),
    groupsClaim: config.oidcGroupsClaim,
    attributeClaims: new Map(config.attributeClaims.map(attributeClaim)),
  }
}

/** `region` reads the claim of that name; `region=https://acme.example/region` gives a claim a name that policies can use. */
function attributeClaim(text: string): [string, string] {
  const [attribute = '', ...rest] = text.split('=')
  const claim = rest.length === 0 ? attribute : rest.join('=')
  if (!/^[A-Za-z_]\w{0,63}$/.test(attribute.trim()) || claim.trim() === '') {
    throw invalid(`PLUMBLINE_ATTRIBUTE_CLAIMS: \`${text.slice(0, 60)}\` is neither a claim nor \`attribute=claim\`.`)
  }
  return [attribute.trim(), claim.trim()]
}

/** Over plain HTTP anybody on the way could sign in as anybody. */
export function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

const invalid = (message: string) => new AppError('CONFIG_INVALID', message)
