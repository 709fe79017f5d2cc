import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCAL_SETTINGS } from '../identity/settings.ts'
import type { State } from '../state/index.ts'
import { type Gateway, logIn, runGateway, temporaryState } from './testing/running-gateway.ts'

let built: Gateway
let unbuilt: Gateway
let remove: () => Promise<void>
let state: State
let pageDir: string

beforeAll(async () => {
  const temporary = await temporaryState()
  const { dataDir, remove: removeState } = temporary
  state = temporary.state
  const dir = await mkdtemp(join(tmpdir(), 'plumbline-page-'))
  pageDir = dir
  await mkdir(join(dir, 'assets'))
  await writeFile(join(dir, 'index.html'), '<!doctype html><title>The page</title>')
  await writeFile(join(dir, 'favicon.svg'), '<svg/>')
  await writeFile(join(dir, 'assets', 'index-abc123.js'), 'plain')
  await writeFile(join(dir, 'assets', 'index-abc123.js.gz'), gzipSync('packed'))
  await writeFile(join(dataDir, 'secret'), 'secret')
  built = await runGateway(state, { pageDir: dir })
  unbuilt = await runGateway(state)
  remove = async () => {
    await Promise.all([built.close(), unbuilt.close()])
    await removeState()
    await rm(dir, { recursive: true, force: true })
  }
})
afterAll(() => remove?.())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${built.url}${path}`, { headers: { accept: 'text/html', ...headers } })

describe('the page', () => {
  it('is served under every address of its own router, and checked for news each time', async () => {
    const cookie = await logIn(built)
    for (const path of ['/', '/index.html', '/threads/0b1c', '/some.thing']) {
      const response = await get(path, { cookie })
      expect([path, response.status, await response.text()]).toEqual([path, 200, expect.stringContaining('The page')])
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'")
    }
  })

  it('has a nonce for the style elements of its scripts that is new each time [security.edges]', async () => {
    const cookie = await logIn(built)
    const seen = new Set<string>()
    for (let n = 0; n < 3; n++) {
      const response = await get('/', { cookie })
      const nonce = /<meta property="csp-nonce" nonce="([\w-]{22})">/.exec(await response.text())?.[1] ?? ''
      const policy = response.headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(
        new RegExp(`style-src 'self';style-src-elem 'self' ('sha256-[^']{44}' ){2}'nonce-${nonce}';`),
      )
      expect(policy.match(/'unsafe-[^']*'/g)).toEqual(["'unsafe-inline'"])
      expect(policy).toContain("style-src-attr 'unsafe-inline'")
      seen.add(nonce)
    }
    expect(seen.size).toBe(3)
  })

  it('has hashed files that are kept for ever, packed where the browser can', async () => {
    const response = await get('/assets/index-abc123.js', { 'accept-encoding': 'gzip' })
    expect(await response.text()).toBe('packed')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-type')).toContain('javascript')
    expect(await (await get('/assets/index-abc123.js', { 'accept-encoding': 'identity' })).text()).toBe('plain')
    expect((await get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache')
  })

  it('does not stand in for a file or an API that is not there', async () => {
    const cookie = await logIn(built)
    for (const path of [
      '/assets/index-old.js',
      '/api/nothing',
      '/mcp/nothing',
      '/assets/..%2f..%2fsecret',
      '/..%2fsecret',
    ]) {
      const response = await get(path, { cookie, accept: '*/*' })
      expect([path, response.status >= 400]).toEqual([path, true])
      expect(await response.text()).not.toContain('The page')
    }
    expect((await fetch(`${built.url}/threads/1`, { method: 'POST', headers: { cookie } })).status).toBe(404)
  })

  it('that is not built is replaced by a line on what to do', async () => {
    const response = await fetch(`${unbuilt.url}/`, { headers: { cookie: await logIn(unbuilt) } })
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('<code>npm start</code>')])
  })
})

describe('the page where people sign in at a provider', () => {
  const oidc = {
    issuer: 'http://127.0.0.1:9',
    clientId: 'x',
    scopes: 'openid',
    groupsClaim: 'g',
    attributeClaims: new Map(),
  }
  const identity = { settings: { ...LOCAL_SETTINGS, oidc } }

  it('comes to strangers too, because it is what they sign in with; what it shows is still closed [identity.oidc]', async () => {
    const gateway = await runGateway(state, { pageDir, identity })
    for (const path of ['/', '/threads/1']) {
      const response = await fetch(`${gateway.url}${path}`, { headers: { accept: 'text/html' } })
      expect([path, response.status, await response.text()]).toEqual([path, 200, expect.stringContaining('The page')])
      expect(response.headers.get('set-cookie')).toBeNull()
    }
    expect((await fetch(`${gateway.url}/api/threads`)).status).toBe(401)
    await gateway.close()
  })

  it('is a link to the sign-in as long as it is not built', async () => {
    const gateway = await runGateway(state, { identity })
    const response = await fetch(`${gateway.url}/`, { headers: { accept: 'text/html' } })
    expect([response.status, await response.text()]).toEqual([401, expect.stringContaining('href="/api/auth/login"')])
    await gateway.close()
  })
})
