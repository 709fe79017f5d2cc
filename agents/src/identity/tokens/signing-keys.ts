import { randomUUID } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { SigningKeyRecord, SigningKeyStore } from '../../state/signing-key-store.ts'
import type { Sealer } from '../sealer.ts'

/** ECDSA on P-256 with SHA-256: every library can verify it. */
export const ALGORITHM = 'ES256'
/** How long an access token is good. */
export const TOKEN_SECONDS = 600
/** A key signs for so long, then a new one does. */
export const ROTATE_DAYS = 30
/** How long another process's new key may stay unknown here, and how often an unknown key id may make us look. */
const REREAD_MS = 10_000

export interface SigningKeys {
  /** The key that signs now; made when there is none, or when it has signed long enough. */
  current(): Promise<{ kid: string; key: CryptoKey }>
  /** The key that verifies, or null: unknown, or retired and all its tokens are over. */
  find(kid: string): Promise<CryptoKey | null>
  /** All that verify, as public JWKs. */
  published(): Promise<JWK[]>
  /** A new key signs from now on; the old one verifies until its last token is over. */
  rotate(): Promise<void>
}

/** Signing keys in the state, read again now and then: several processes may share them. */
export function signingKeys(store: SigningKeyStore, sealer: Sealer, clock = () => new Date()): SigningKeys {
  let known: { readonly at: number; readonly records: readonly SigningKeyRecord[] } | undefined
  /** Imported keys by id and use; importing costs more than signing. */
  const imported = new Map<string, Promise<CryptoKey>>()

  const verifies = ({ retired_at }: SigningKeyRecord) =>
    retired_at === null || clock().getTime() - retired_at.getTime() < TOKEN_SECONDS * 1000 + REREAD_MS
  const records = async () => {
    const now = clock().getTime()
    if (!known || now - known.at >= REREAD_MS) known = { at: now, records: await store.list() }
    return known.records.filter(verifies)
  }
  const imports = (id: string, read: () => Promise<JWK>): Promise<CryptoKey> => {
    const key = imported.get(id) ?? read().then(async (jwk) => (await importJWK(jwk, ALGORITHM)) as CryptoKey)
    imported.set(id, key)
    key.catch(() => imported.delete(id))
    return key
  }

  const rotate = async () => {
    const now = clock()
    const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true })
    await store.add({
      kid: randomUUID(),
      publicJwk: await exportJWK(publicKey),
      privateJwk: await sealer.seal(JSON.stringify(await exportJWK(privateKey))),
      at: now,
    })
    await store.deleteRetiredBefore(new Date(now.getTime() - 2 * (TOKEN_SECONDS * 1000 + REREAD_MS)))
    known = undefined
  }
  const signing = async () => {
    const newest = (await records()).find(({ retired_at }) => retired_at === null)
    if (!newest) return undefined
    return clock().getTime() - newest.created_at.getTime() < ROTATE_DAYS * 86_400_000 ? newest : undefined
  }

  return {
    rotate,

    async current() {
      let record = await signing()
      if (!record) {
        await rotate()
        record = await signing()
      }
      if (!record) throw new Error('a new signing key is not there')
      const { kid, private_jwk } = record
      const key = await imports(`private ${kid}`, async () => JSON.parse(await sealer.open(private_jwk)) as JWK)
      return { kid, key }
    },

    async find(kid) {
      const record = (await records()).find((one) => one.kid === kid)
      if (!record) return null
      return imports(`public ${kid}`, async () => record.public_jwk as JWK)
    },

    async published() {
      return (await records()).map(({ kid, public_jwk }) => ({ ...public_jwk, kid, alg: ALGORITHM, use: 'sig' }))
    },
  }
}
