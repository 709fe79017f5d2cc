import { KeyObject, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ApiScope } from '@plumbline/tools/contract'
import fc from 'fast-check'
import { base64url, createLocalJWKSet, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { identityStores } from '../../state/identity-stores.ts'
import { openState, type State } from '../../state/index.ts'
import type { Caller } from '../caller.ts'
import { createIdentity, type Identity, type IdentityEvent } from '../index.ts'

const BASE = 'https://data.example'
const SECOND = 1000
const DAY = 86_400 * SECOND

let dataDir: string
let state: State
let identity: Identity
let now: number
let events: IdentityEvent[]
const sealed: string[] = []

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plumbline-tokens-'))
  state = await openState({ dataDir })
})
afterAll(async () => {
  await state?.close()
  await rm(dataDir, { recursive: true, force: true })
})
beforeEach(async () => {
  for (const table of ['signing_keys', 'refresh_tokens', 'token_grants'] as const)
    await state.db.deleteFrom(table).execute()
  now = Date.now()
  events = []
  identity = newIdentity()
})

/** As another process on the same state would have it. */
function newIdentity(): Identity {
  const clock = () => new Date(now)
  return createIdentity({ sessions: state.sessions, identity: identityStores(state.db, clock) }, () => BASE, {
    clock,
    record: (event) => {
      events.push(event)
    },
    sealer: {
      seal(text) {
        sealed.push(text)
        return `sealed-${sealed.length - 1}`
      },
      open: (text) => sealed[Number(text.slice('sealed-'.length))] ?? '',
    },
  })
}

/** Somebody in a browser. */
const SESSION: Caller = {
  principal: { id: 'local', name: 'You', roles: ['owner'], attributes: {} },
  by: 'session',
  means: 'link',
  key: 'session',
  scopes: null,
  email: null,
}
const exchange = (caller: Caller = SESSION, scopes: ApiScope[] = ['ask', 'read']) =>
  identity.tokens.exchange(caller, { resource: 'api', scopes })
const opens = async (token: string, resource: 'api' | 'mcp' = 'api') =>
  (await identity.bearer(token, resource)) !== null
const partsOf = (token: string) => {
  const [header = '', payload = ''] = token.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  return { header: read(header), payload: read(payload) }
}

describe('an access token', () => {
  it('says who, for what and how long, as RFC 9068 wants it [identity.tokens]', async () => {
    const reply = await exchange()
    expect(reply).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'ask read' })
    const { header, payload } = partsOf(reply.access_token)
    const { keys } = await identity.jwks()
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: keys[0]?.kid })
    expect(payload).toMatchObject({
      iss: BASE,
      aud: `${BASE}/api`,
      sub: 'local',
      scope: 'ask read',
      client_id: 'plumbline',
    })
    expect(Number(payload.exp) - Number(payload.iat)).toBe(600)
    const caller = await identity.bearer(reply.access_token, 'api')
    expect(caller).toMatchObject({ means: 'access-token', by: 'bearer', principal: { id: 'local' } })
    expect([...(caller?.scopes ?? [])]).toEqual(['ask', 'read'])
  })

  it('can be verified by others with the published keys, which hold nothing private [identity.tokens]', async () => {
    const { access_token } = await exchange()
    const { keys } = await identity.jwks()
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']])
    const { payload } = await jwtVerify(access_token, createLocalJWKSet({ keys }), {
      issuer: BASE,
      audience: `${BASE}/api`,
    })
    expect(payload.sub).toBe('local')
  })

  it('is good for one resource, and for ten minutes [identity.tokens]', async () => {
    const { access_token } = await exchange()
    expect([await opens(access_token), await opens(access_token, 'mcp')]).toEqual([true, false])
    now += 599 * SECOND
    expect(await opens(access_token)).toBe(true)
    now += 10 * SECOND
    expect(await opens(access_token)).toBe(false)
  })

  it('is refused when anything of it is forged [identity.tokens]', async () => {
    const { access_token } = await exchange()
    const { header, payload } = partsOf(access_token)
    const [head = '', body = '', signature = ''] = access_token.split('.')
    const { keys } = await identity.jwks()
    const published = keys[0] as JWK
    const { kid } = published
    const publicKey = (await importJWK(published, 'ES256')) as CryptoKey
    const pem = KeyObject.from(publicKey).export({ type: 'spki', format: 'pem' })
    const encode = (value: object) => base64url.encode(JSON.stringify(value))
    const other = await generateKeyPair('ES256', { extractable: true })
    const rsa = await generateKeyPair('RS256')
    const own = await importJWK(JSON.parse(sealed.at(-1) ?? '') as JWK, 'ES256')
    const signed = (claims: object, protectedHeader: object = header, key: CryptoKey | Uint8Array = own as CryptoKey) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', ...protectedHeader }).sign(key)
    const without = (name: string) => Object.fromEntries(Object.entries(payload).filter(([one]) => one !== name))
    const seconds = Math.floor(now / SECOND)

    // What is signed anew with nothing changed is taken: the others fail for what they change.
    expect(await opens(await signed(payload))).toBe(true)

    const forged: Record<string, string> = {
      'alg none': `${encode({ ...header, alg: 'none' })}.${body}.`,
      'alg none, with a signature': `${encode({ ...header, alg: 'none' })}.${body}.${signature}`,
      'alg NONE': `${encode({ ...header, alg: 'NoNe' })}.${body}.${signature}`,
      'HS256 with the public JWK': await signed(
        payload,
        { ...header, alg: 'HS256' },
        Buffer.from(JSON.stringify(published)),
      ),
      'HS256 with the public PEM': await signed(payload, { ...header, alg: 'HS256' }, Buffer.from(pem)),
      'another algorithm': await signed(payload, { ...header, alg: 'RS256' }, rsa.privateKey),
      'another key under our kid': await signed(payload, header, other.privateKey),
      'a key in the header': await signed(
        payload,
        { alg: 'ES256', typ: 'at+jwt', jwk: await exportJWK(other.publicKey) },
        other.privateKey,
      ),
      'an unknown kid': await signed(payload, { ...header, kid: randomUUID() }),
      'no kid': await signed(payload, { alg: 'ES256', typ: 'at+jwt' }),
      'a kid that is a path': await signed(payload, { ...header, kid: '../../dev/null' }),
      'no type': await signed(payload, { alg: 'ES256', kid }),
      'the type of an ID token': await signed(payload, { ...header, typ: 'JWT' }),
      'an extension that must be understood': `${encode({ ...header, crit: ['x'], x: 1 })}.${body}.${signature}`,
      'another issuer': await signed({ ...payload, iss: 'https://evil.example' }),
      'another audience': await signed({ ...payload, aud: 'https://evil.example/api' }),
      'no audience': await signed(without('aud')),
      'no issuer': await signed(without('iss')),
      'no end': await signed(without('exp')),
      'no beginning': await signed(without('nbf')),
      'no grant': await signed(without('grant')),
      'no scope': await signed(without('scope')),
      'no id': await signed(without('jti')),
      'from tomorrow on': await signed({ ...payload, nbf: seconds + 86_400 }),
      'over since an hour': await signed({ ...payload, exp: seconds - 3600 }),
      'somebody else’s': await signed({ ...payload, sub: 'mia' }),
      'a grant that never was': await signed({ ...payload, grant: randomUUID() }),
      'a changed body': `${head}.${encode({ ...payload, scope: 'admin' })}.${signature}`,
      'a cut signature': access_token.slice(0, -4),
      'no signature': `${head}.${body}.`,
    }
    const taken: string[] = []
    for (const [what, token] of Object.entries(forged)) if (await opens(token)) taken.push(what)
    expect(taken).toEqual([])
  })

  it('is refused whatever it is changed to, and never makes an error [identity.tokens]', async () => {
    const { access_token } = await exchange()
    await fc.assert(
      fc.asyncProperty(fc.nat(access_token.length - 1), fc.constantFrom('A', 'z', '.', '-', '0'), async (at, char) => {
        const changed = `${access_token.slice(0, at)}${char}${access_token.slice(at + 1)}`
        // The last character of a part holds unused bits: another one may mean the same bytes.
        const same = Buffer.from(changed.split('.')[2] ?? '', 'base64url').equals(
          Buffer.from(access_token.split('.')[2] ?? '', 'base64url'),
        )
        const sameText = changed.split('.').slice(0, 2).join('.') === access_token.split('.').slice(0, 2).join('.')
        expect(await opens(changed)).toBe(same && sameText)
      }),
      { numRuns: 60 },
    )
    for (const token of [
      '',
      '.',
      '..',
      'a.b.c',
      'pl_',
      `pl_${'x'.repeat(43)}`,
      'eyJ.eyJ.eyJ',
      `${'a'.repeat(4000)}.b.c`,
    ]) {
      expect(await opens(token)).toBe(false)
    }
  })
})

describe('signing keys', () => {
  it('are sealed at rest, shared by processes and made once', async () => {
    const first = await exchange()
    const stored = await state.db.selectFrom('signing_keys').selectAll().execute()
    expect(stored.map(({ private_jwk }) => private_jwk)).toEqual([expect.stringMatching(/^sealed-/)])
    const second = newIdentity()
    expect(await second.bearer(first.access_token, 'api')).not.toBeNull()
    await second.tokens.exchange(SESSION, { resource: 'api', scopes: ['read'] })
    expect((await identity.jwks()).keys).toHaveLength(1)
  })

  it('rotate: the new one signs, the old one verifies until its last token is over [identity.tokens]', async () => {
    const before = await exchange()
    await identity.rotateSigningKey(SESSION.principal)
    const after = await exchange()
    const kids = [before, after].map(({ access_token }) => partsOf(access_token).header.kid)
    expect(new Set(kids).size).toBe(2)
    expect(new Set((await identity.jwks()).keys.map(({ kid }) => kid))).toEqual(new Set(kids))
    expect([await opens(before.access_token), await opens(after.access_token)]).toEqual([true, true])
    now += 599 * SECOND
    expect(await opens(before.access_token)).toBe(true)
    now += 60 * SECOND
    expect((await identity.jwks()).keys.map(({ kid }) => kid)).toEqual([kids[1]])
    expect(events.filter(({ type }) => type === 'signing-key-rotated')).toHaveLength(1)
  })

  it('are known to another process within seconds, and change by themselves after a month', async () => {
    const other = newIdentity()
    await exchange()
    await other.jwks()
    await identity.rotateSigningKey(SESSION.principal)
    const fresh = await exchange()
    now += 11 * SECOND
    expect(await other.bearer(fresh.access_token, 'api')).not.toBeNull()
    const kid = partsOf(fresh.access_token).header.kid
    now += 31 * DAY
    expect(partsOf((await exchange()).access_token).header.kid).not.toBe(kid)
  })
})

describe('a refresh token', () => {
  it('gives the next pair, and is stored as a hash alone [identity.tokens]', async () => {
    const first = await exchange()
    expect(first.refresh_token).toMatch(/^plr_[\w-]{43}$/)
    const second = await identity.tokens.refresh(first.refresh_token)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect(second.scope).toBe('ask read')
    expect(await opens(second.access_token)).toBe(true)
    expect(JSON.stringify(await state.db.selectFrom('refresh_tokens').selectAll().execute())).not.toContain(
      first.refresh_token,
    )
  })

  it('that comes twice ends everything that came from its grant [identity.tokens]', async () => {
    const first = await exchange()
    const second = await identity.tokens.refresh(first.refresh_token)
    const third = await identity.tokens.refresh(second.refresh_token)
    const unrelated = await exchange()
    await expect(identity.tokens.refresh(first.refresh_token)).rejects.toThrow(/used before/)
    for (const { access_token } of [first, second, third]) expect(await opens(access_token)).toBe(false)
    await expect(identity.tokens.refresh(third.refresh_token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await opens(unrelated.access_token)).toBe(true)
    expect(events).toContainEqual(expect.objectContaining({ type: 'refresh-token-reused', userId: 'local' }))
  })

  it('that two bring at the same time is taken from one of them, and then from both [identity.tokens]', async () => {
    const { refresh_token } = await exchange()
    const results = await Promise.allSettled([1, 2, 3].map(() => identity.tokens.refresh(refresh_token)))
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
    for (const result of results) {
      if (result.status === 'fulfilled') expect(await opens(result.value.access_token)).toBe(false)
    }
  })

  it('narrows the scopes and never widens them', async () => {
    const first = await exchange()
    const second = await identity.tokens.refresh(first.refresh_token, ['read'])
    expect(second.scope).toBe('read')
    await expect(identity.tokens.refresh(second.refresh_token, ['read', 'admin'])).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
  })

  it('is over with its grant, at the latest after thirty days', async () => {
    const first = await exchange()
    now += 29 * DAY
    const second = await identity.tokens.refresh(first.refresh_token)
    now += 2 * DAY
    await expect(identity.tokens.refresh(second.refresh_token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(identity.tokens.refresh('plr_unknown')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

describe('an exchange', () => {
  it('never gives more than the key has, nor longer than it lives [identity.tokens]', async () => {
    const expiresAt = new Date(now + DAY)
    const { secret } = await state.identity.apiKeys.create({ name: 'k', userId: 'local', scopes: ['ask'], expiresAt })
    const byKey = await identity.bearer(secret, 'api')
    if (!byKey) throw new Error('the key is refused')
    await expect(exchange(byKey, ['ask', 'admin'])).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const reply = await identity.tokens.exchange(byKey, { resource: 'api' })
    expect(reply.scope).toBe('ask')
    const [grant] = await state.db.selectFrom('token_grants').selectAll().execute()
    expect(grant?.expires_at).toEqual(expiresAt)

    await state.identity.apiKeys.revoke(byKey.apiKey?.id ?? '')
    expect(await opens(reply.access_token)).toBe(false)
    await expect(identity.tokens.refresh(reply.refresh_token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('does not make a token of a token', async () => {
    const { access_token } = await exchange()
    const caller = await identity.bearer(access_token, 'api')
    if (!caller) throw new Error('the token is refused')
    await expect(exchange(caller, ['ask'])).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('a token that is given back', () => {
  it.each(['access_token', 'refresh_token'] as const)(
    'by its %s ends with its grant [identity.tokens]',
    async (which) => {
      const first = await exchange()
      const second = await identity.tokens.refresh(first.refresh_token)
      // Also when it is over already: its grant is not.
      now += 3600 * SECOND
      const third = await identity.tokens.refresh(second.refresh_token)
      await identity.tokens.revoke(first[which])
      expect(await opens(third.access_token)).toBe(false)
      await expect(identity.tokens.refresh(third.refresh_token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      expect(events.filter(({ type }) => type === 'token-revoked')).toHaveLength(1)
    },
  )

  it('and is not ours is no error, and ends nothing', async () => {
    const { access_token } = await exchange()
    const { header, payload } = partsOf(access_token)
    const { privateKey } = await generateKeyPair('ES256')
    const forged = await new SignJWT(payload).setProtectedHeader({ alg: 'ES256', ...header }).sign(privateKey)
    for (const token of ['', 'x', 'plr_unknown', forged]) await identity.tokens.revoke(token)
    expect(await opens(access_token)).toBe(true)
  })
})
