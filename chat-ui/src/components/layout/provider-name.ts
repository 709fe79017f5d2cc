const KNOWN: readonly [RegExp, string][] = [
  [/(^|\.)okta(preview)?\.com$|(^|\.)okta-emea\.com$/, 'Okta'],
  [/(^|\.)auth0\.com$/, 'Auth0'],
  [/^accounts\.google\.com$/, 'Google'],
  [/^login\.microsoftonline\.com$/, 'Microsoft'],
  [/(^|\.)onelogin\.com$/, 'OneLogin'],
]

/** What people call an identity provider, from its issuer; the name of its host where it is not a known one. */
export function providerName(issuer: string): string {
  const url = URL.parse(issuer)
  if (!url) return issuer
  const known = KNOWN.find(([host]) => host.test(url.hostname))
  if (known) return known[1]
  return /\/realms\/[^/]+\/?$/.test(url.pathname) ? `Keycloak (${url.hostname})` : url.host
}
