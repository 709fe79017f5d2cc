import { AppError } from '@plumbline/tools/errors'
import * as client from 'openid-client'
import { isSafe, type OidcSettings } from '../settings.ts'

const TIMEOUT_SECONDS = 10

export interface SignInRequest {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** What the provider said of the person, verified: issuer, audience, nonce, signature and times of the ID token. */
export interface SignedInAtProvider {
  readonly issuer: string
  readonly claims: Readonly<Record<string, unknown>> & { readonly sub: string }
  readonly idToken: string
}

/** The OpenID provider of the configuration: authorization code flow with PKCE (S256), state and nonce. */
export interface IdentityProvider {
  authorizationUrl(request: SignInRequest): Promise<string>
  /** @param callback the whole address that the browser came back to. @throws UNAUTHENTICATED or IDENTITY_UNAVAILABLE */
  finish(callback: URL, request: Omit<SignInRequest, 'redirectUri'>): Promise<SignedInAtProvider>
  /** Ends the provider's own session (OpenID Connect RP-Initiated Logout); null where it can not. */
  endSessionUrl(idToken: string | null, returnTo: string): Promise<string | null>
  /** Its name and where its signing keys are. @throws IDENTITY_UNAVAILABLE */
  metadata(): Promise<{ issuer: string; jwksUri: string }>
}

export function identityProvider(settings: OidcSettings): IdentityProvider {
  let discovered: Promise<client.Configuration> | undefined
  /** Once it has answered; until then every sign-in tries again, so that the server starts without the provider. */
  const configuration = (): Promise<client.Configuration> => {
    discovered ??= discover(settings).catch((error: unknown) => {
      discovered = undefined
      throw providerError(error)
    })
    return discovered
  }

  return {
    async authorizationUrl({ redirectUri, state, nonce, verifier }) {
      const config = await configuration()
      return client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: settings.scopes,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }).href
    },

    async finish(callback, { state, nonce, verifier }) {
      const config = await configuration()
      try {
        const tokens = await client.authorizationCodeGrant(config, callback, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        const idClaims = tokens.claims()
        if (!idClaims || tokens.id_token === undefined) throw new Error('the provider sent no ID token')
        const { userinfo_endpoint, issuer } = config.serverMetadata()
        // Many providers put groups and email into UserInfo alone. What the signed ID token says comes first.
        const userInfo = userinfo_endpoint
          ? await client.fetchUserInfo(config, tokens.access_token, idClaims.sub)
          : undefined
        return { issuer, claims: { ...userInfo, ...idClaims }, idToken: tokens.id_token }
      } catch (error) {
        throw providerError(error)
      }
    },

    async endSessionUrl(idToken, returnTo) {
      const config = await configuration()
      if (!config.serverMetadata().end_session_endpoint) return null
      return client.buildEndSessionUrl(config, {
        post_logout_redirect_uri: returnTo,
        ...(idToken === null ? {} : { id_token_hint: idToken }),
      }).href
    },

    async metadata() {
      const { issuer, jwks_uri } = (await configuration()).serverMetadata()
      if (!jwks_uri) throw providerUnavailable(new Error('no jwks_uri in the metadata'))
      return { issuer, jwksUri: jwks_uri }
    },
  }
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  const insecure = issuer.startsWith('http:') && isSafe(issuer)
  const find = (authentication: client.ClientAuth) =>
    client.discovery(new URL(issuer), clientId, clientSecret, authentication, {
      timeout: TIMEOUT_SECONDS,
      execute: [
        // The signature of the ID token is checked too, not only the TLS connection that it came over.
        client.enableNonRepudiationChecks,
        ...(insecure ? [client.allowInsecureRequests] : []),
      ],
    })
  if (clientSecret === undefined) return find(client.None())
  const config = await find(client.ClientSecretBasic(clientSecret))
  const methods = config.serverMetadata().token_endpoint_auth_methods_supported
  // `client_secret_basic` is what a provider that says nothing supports (OpenID Connect Discovery, section 3).
  if (methods === undefined || methods.includes('client_secret_basic')) return config
  return find(client.ClientSecretPost(clientSecret))
}

/** Translates what the library throws. Its details stay in the log: they may hold parts of tokens. */
function providerError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof client.AuthorizationResponseError) {
    const reason = /^[a-z_]{1,50}$/.test(error.error) ? ` (${error.error})` : ''
    return new AppError('UNAUTHENTICATED', `The identity provider did not sign you in${reason}.`, { cause: error })
  }
  if (error instanceof client.ResponseBodyError) {
    if (error.error === 'invalid_client' || error.error === 'unauthorized_client') {
      return new AppError(
        'IDENTITY_UNAVAILABLE',
        'The identity provider refuses this server: check PLUMBLINE_OIDC_CLIENT_ID and PLUMBLINE_OIDC_CLIENT_SECRET.',
        { cause: error },
      )
    }
    if (error.status >= 500) return providerUnavailable(error)
    return unverified(error)
  }
  // `fetch failed`: no connection.
  if (error instanceof TypeError) return providerUnavailable(error)
  const code = (error as { code?: unknown }).code
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || code === 'OAUTH_RESPONSE_IS_NOT_JSON') {
    return providerUnavailable(error)
  }
  return unverified(error)
}

export const providerUnavailable = (cause: unknown) =>
  new AppError('IDENTITY_UNAVAILABLE', 'The identity provider does not answer as it should. Try again in a moment.', {
    cause,
  })

const unverified = (cause: unknown) =>
  new AppError('UNAUTHENTICATED', 'This sign-in could not be verified. Start it again.', { cause })
