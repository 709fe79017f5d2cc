import { createHash } from 'node:crypto'
import { AppError } from '@plumbline/tools/errors'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import type { Sealer } from '../identity/index.ts'

/** A key as `openssl rand -base64 32` writes it. */
const KEY_PATTERN = /^[A-Za-z0-9+/_-]{43}=?$/
/** JWE in compact form: five parts. What was kept before there was a key is not of this form. */
const SEALED_PATTERN = /^eyJ[\w-]*(\.[\w-]+){4}$/

/**
 * Envelope encryption of what is kept at rest: each text has a key of its own (AES-256-GCM), which is wrapped by the installation's
 * key (AES-256-GCM key wrap); the form is JWE (RFC 7516). The first key seals; the others still open what they sealed, so that a
 * key can be changed. Without any key, texts are kept as they are.
 * @param keys 256-bit keys in base64. @throws CONFIG_INVALID when one is not.
 */
export function createSealer(keys: readonly string[]): Sealer {
  const ring = keys.map(readKey)
  const [first] = ring
  return {
    async seal(text) {
      if (!first) return text
      return new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'A256GCMKW', enc: 'A256GCM', kid: first.id })
        .encrypt(first.bytes)
    },

    async open(sealed) {
      if (!SEALED_PATTERN.test(sealed)) return sealed
      const { kid } = decodeProtectedHeader(sealed)
      const key = ring.find(({ id }) => id === kid)
      if (!key) throw unreadable()
      const { plaintext } = await compactDecrypt(sealed, key.bytes, {
        keyManagementAlgorithms: ['A256GCMKW'],
        contentEncryptionAlgorithms: ['A256GCM'],
      }).catch((cause: unknown) => {
        throw unreadable(cause)
      })
      return new TextDecoder().decode(plaintext)
    },
  }
}

function readKey(text: string): { id: string; bytes: Uint8Array } {
  const bytes = Buffer.from(text, 'base64')
  if (!KEY_PATTERN.test(text) || bytes.length !== 32) {
    throw new AppError(
      'CONFIG_INVALID',
      'PLUMBLINE_ENCRYPTION_KEY is not a 256-bit key in base64. Make one with `openssl rand -base64 32`.',
    )
  }
  // Tells keys apart without telling anything of them.
  return { id: createHash('sha256').update('plumbline key id').update(bytes).digest('base64url').slice(0, 12), bytes }
}

const unreadable = (cause?: unknown) =>
  new AppError(
    'CONFIG_INVALID',
    'What is kept encrypted can not be read with this PLUMBLINE_ENCRYPTION_KEY. Set the key it was sealed with, or add it after the new one.',
    { cause },
  )
