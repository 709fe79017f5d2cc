/** Encrypts what is kept at rest and must be read again: signing keys, ID tokens. */
export interface Sealer {
  seal(text: string): string | Promise<string>
  /** @throws when it was not sealed with this key. */
  open(sealed: string): string | Promise<string>
}

/** Without PLUMBLINE_ENCRYPTION_KEY the database is the only fence. */
export const unsealed: Sealer = { seal: (text) => text, open: (text) => text }
