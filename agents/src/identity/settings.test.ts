import { describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import { identitySettings } from './settings.ts'

const OIDC = { PLUMBLINE_OIDC_ISSUER: 'https://id.example/realms/acme', PLUMBLINE_OIDC_CLIENT_ID: 'plumbline' }
const read = (env: Record<string, string>) => identitySettings(loadConfig({ PLUMBLINE_DATA_DIR: '/tmp/x', ...env }))

describe('the settings of sign-in', () => {
  it('are those of one local user when nothing is set', () => {
    const settings = read({})
    expect(settings).toMatchObject({ localLogin: true })
    expect(settings.oidc).toBeUndefined()
  })

  it('name the provider, its scopes and claims [identity.oidc]', () => {
    const { oidc, sessionMs, sessionIdleMs } = read({
      ...OIDC,
      PLUMBLINE_OIDC_SCOPES: 'profile groups profile',
      PLUMBLINE_ATTRIBUTE_CLAIMS: 'region, department=https://acme.example/department',
      PLUMBLINE_SESSION_HOURS: '8',
      PLUMBLINE_SESSION_IDLE_MINUTES: '15',
    })
    expect(oidc).toMatchObject({ scopes: 'openid profile groups', groupsClaim: 'groups' })
    expect(oidc).not.toHaveProperty('clientSecret')
    expect([...(oidc?.attributeClaims ?? [])]).toEqual([
      ['region', 'region'],
      ['department', 'https://acme.example/department'],
    ])
    expect([sessionMs, sessionIdleMs]).toEqual([8 * 3_600_000, 15 * 60_000])
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['half a provider', { PLUMBLINE_OIDC_ISSUER: 'https://id.example' }, /CLIENT_ID is not/],
    ['the other half', { PLUMBLINE_OIDC_CLIENT_ID: 'x' }, /ISSUER is not/],
    ['a provider without TLS', { ...OIDC, PLUMBLINE_OIDC_ISSUER: 'http://id.example' }, /without encryption/],
    ['nobody who could sign in', { PLUMBLINE_LOCAL_LOGIN: 'off' }, /nobody could sign in/],
    [
      'an attribute that no policy could name',
      { ...OIDC, PLUMBLINE_ATTRIBUTE_CLAIMS: 'https://x/y' },
      /neither a claim/,
    ],
    ['an attribute of no claim', { ...OIDC, PLUMBLINE_ATTRIBUTE_CLAIMS: 'region=' }, /neither a claim/],
  ])('refuse %s', (_what, env, message) => {
    expect(() => read(env)).toThrow(message)
  })

  it('take a provider on this machine without TLS, for trying out', () => {
    for (const issuer of ['http://127.0.0.1:8080/realms/x', 'http://localhost:8080']) {
      expect(read({ ...OIDC, PLUMBLINE_OIDC_ISSUER: issuer }).oidc?.issuer).toBe(issuer)
    }
  })
})
