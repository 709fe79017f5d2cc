import { describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'
import { postgresWithTls, requireTls } from './service-tls.ts'

describe('connections to services [security.tls]', () => {
  it('are refused at the start without encryption, unless the host is an exception', () => {
    const env = { OPENAI_BASE_URL: 'http://gpu.example:8000/v1' }
    expect(() => loadConfig(env)).toThrow(/OPENAI_BASE_URL .*PLUMBLINE_PLAINTEXT_HOSTS/)
    expect(loadConfig({ ...env, PLUMBLINE_PLAINTEXT_HOSTS: 'gpu.example' }).openaiBaseUrl).toBe(env.OPENAI_BASE_URL)
    expect(() => loadConfig({ PLUMBLINE_OIDC_ISSUER: 'http://idp.example/realm' })).toThrow(/PLUMBLINE_OIDC_ISSUER/)
    expect(() => loadConfig({ LANGFUSE_BASE_URL: 'http://traces.example' })).toThrow(/LANGFUSE_BASE_URL/)
    expect(() => loadConfig({ PLUMBLINE_REDIS_URL: 'redis://cache.example' })).toThrow(/PLUMBLINE_REDIS_URL/)
  })

  it.each([
    'postgres://u:p@127.0.0.1:5432/db',
    'postgres://localhost/db',
    'postgres://[::1]/db',
    'postgres:///db?host=/run/postgresql',
    'postgres://db.example/db?sslmode=disable',
    'postgres://db.example/db?sslmode=require',
  ])('leaves %s as it is written', (url) => {
    expect(postgresWithTls(url)).toBe(url)
  })

  it('checks the certificate of a Postgres server elsewhere when the address says nothing', () => {
    expect(postgresWithTls('postgresql://u:p%40x@db.example:5433/db?application_name=x')).toBe(
      'postgresql://u:p%40x@db.example:5433/db?application_name=x&sslmode=verify-full',
    )
  })

  it.each(['redis://cache.example:6379', 'http://idp.example/realms/x', 'http://127.0.0.1.example'])(
    'refuses %s and says how to write it',
    (url) => {
      expect(() => requireTls(url, 'X_URL')).toThrow(/X_URL .*(https|rediss):/)
    },
  )

  it.each([
    'rediss://cache.example',
    'https://idp.example',
    'redis://127.0.0.1',
    'http://localhost:9000',
    'http://[::1]:1',
  ])('takes %s', (url) => {
    expect(() => requireTls(url, 'X_URL')).not.toThrow()
  })
})
