import { expect, it } from 'vitest'
import { providerName } from './provider-name.ts'

it.each([
  ['https://acme.okta.com', 'Okta'],
  ['https://acme.eu.auth0.com/', 'Auth0'],
  ['https://login.microsoftonline.com/tenant/v2.0', 'Microsoft'],
  ['https://id.acme.com/realms/staff', 'Keycloak (id.acme.com)'],
  ['https://id.acme.com', 'id.acme.com'],
  ['https://notokta.com', 'notokta.com'],
  ['http://localhost:4000', 'localhost:4000'],
  ['nonsense', 'nonsense'],
])('calls %s %s', (issuer, name) => expect(providerName(issuer)).toBe(name))
