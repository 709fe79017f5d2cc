import { createHash } from 'node:crypto'
import { AppError } from '@plumbline/tools/errors'
import type { LoginTransactions } from '../../state/login-transactions.ts'
import { newSecret } from '../../state/secret.ts'
import type { UserRecord, Users } from '../../state/users.ts'
import type { OidcSettings } from '../settings.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { profileOf } from './profile-of.ts'

export const CALLBACK_PATH = '/api/auth/callback'

export interface OidcLogin {
  /** Where to send the browser, and what only its cookie may keep. */
  begin(returnTo: string): Promise<{ url: string; state: string; browser: string }>
  /** The person who came back, and where they wanted to go. @throws UNAUTHENTICATED, FORBIDDEN or IDENTITY_UNAVAILABLE */
  finish(
    callback: { state: string; pathAndQuery: string },
    browser: string,
  ): Promise<{ user: UserRecord; idToken: string; returnTo: string }>
}

export interface OidcLoginParts {
  readonly settings: OidcSettings
  readonly provider: IdentityProvider
  readonly logins: LoginTransactions
  readonly users: Users
  readonly baseUrl: () => string
}

/**
 * A sign-in at the identity provider. `state` ties the answer to the request, the browser's secret ties it to the browser that
 * began (else somebody could be signed in as an attacker); nonce and PKCE verifier are derived from that secret, so the database
 * never holds them. Each is used once.
 */
export function oidcLogin({ settings, provider, logins, users, baseUrl }: OidcLoginParts): OidcLogin {
  return {
    async begin(returnTo) {
      const [state, browser] = [newSecret(), newSecret()]
      const redirectUri = `${baseUrl()}${CALLBACK_PATH}`
      const url = await provider.authorizationUrl({ redirectUri, state, ...derivedFrom(browser) })
      await logins.begin({ state, browser, returnTo })
      return { url, state, browser }
    },

    async finish({ state, pathAndQuery }, browser) {
      const begun = await logins.finish({ state, browser })
      if (!begun) {
        throw new AppError(
          'UNAUTHENTICATED',
          'This sign-in is not known here (any more): it took too long, was used already, or began in another browser.',
        )
      }
      const callback = new URL(pathAndQuery, baseUrl())
      const { issuer, claims, idToken } = await provider.finish(callback, { state, ...derivedFrom(browser) })
      const user = await users.save(profileOf(issuer, claims, settings))
      if (user.disabled_at !== null) throw disabled()
      return { user, idToken, returnTo: begun.returnTo }
    },
  }
}

export const disabled = () =>
  new AppError('FORBIDDEN', 'This account is disabled here: ask whoever manages the users of Plumbline.')

const derivedFrom = (browser: string) => ({
  nonce: derive('nonce', browser),
  verifier: derive('pkce verifier', browser),
})

/** One 256-bit secret gives two: neither tells the other, nor the secret. */
const derive = (purpose: string, secret: string) =>
  createHash('sha256').update(`plumbline ${purpose}\0${secret}`).digest('base64url')
