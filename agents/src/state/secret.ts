import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits as text: what a cookie, a key or a refresh token is made of. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What is stored in place of a secret of 256 random bits: it needs no slow hash, there is nothing to guess. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
