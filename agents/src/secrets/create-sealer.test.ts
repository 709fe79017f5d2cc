import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSealer } from './create-sealer.ts'

const key = () => randomBytes(32).toString('base64')

describe('what is kept at rest', () => {
  it('is read back with the key it was sealed with, and tells nothing of itself [security.sealed]', async () => {
    const sealer = createSealer([key()])
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 8, unit: 'grapheme' }), async (text) => {
        const sealed = await sealer.seal(text)
        expect(Buffer.from(sealed, 'base64').includes(Buffer.from(text))).toBe(false)
        expect(await sealer.open(sealed)).toBe(text)
        // Each text has a key and a nonce of its own.
        expect(await sealer.seal(text)).not.toBe(sealed)
      }),
      { numRuns: 50 },
    )
  })

  it('can not be read with another key, nor when a part was changed', async () => {
    const sealed = await createSealer([key()]).seal('secret')
    await expect(createSealer([key()]).open(sealed)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await expect(createSealer([]).open(sealed)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    const own = key()
    const parts = (await createSealer([own]).seal('secret')).split('.')
    for (const at of [1, 2, 3, 4]) {
      const text = parts[at] ?? ''
      const changed = parts.with(at, `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`).join('.')
      await expect(createSealer([own]).open(changed), String(at)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    }
  })

  it('outlives a change of the key: the old one still opens, the new one seals', async () => {
    const [before, after] = [key(), key()]
    const sealed = await createSealer([before]).seal('secret')
    const both = createSealer([after, before])
    expect(await both.open(sealed)).toBe('secret')
    expect(await createSealer([after]).open(await both.seal('secret'))).toBe('secret')
  })

  it('takes what was kept before there was a key as it is', async () => {
    expect(await createSealer([key()]).open('{"kty":"OKP"}')).toBe('{"kty":"OKP"}')
    expect(await createSealer([]).seal('plain')).toBe('plain')
  })

  it.each(['short', 'x'.repeat(44), randomBytes(16).toString('base64')])('refuses the key %s', (text) => {
    expect(() => createSealer([text])).toThrow(/openssl rand/)
  })
})
