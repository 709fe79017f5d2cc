import { randomBytes } from 'node:crypto'
import { secretEqual } from './secret-equal.ts'

/** Links that wait to be used; more than this, and the oldest one is dropped. */
const MAX_WAITING = 20

/** One-time login tokens, as Jupyter prints them. They live as long as the process. */
export class LoginTokens {
  readonly #fixed: string | undefined
  readonly #waiting: string[] = []

  /** @param fixed a token that stays valid (PLUMBLINE_TOKEN), for scripts. */
  constructor(fixed?: string) {
    this.#fixed = fixed
  }

  /** A new token; where there is a fixed one, that one. */
  issue(): string {
    if (this.#fixed !== undefined) return this.#fixed
    const token = randomBytes(24).toString('base64url')
    this.#waiting.push(token)
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift()
    return token
  }

  /** Whether the token lets in; a one-time token does so once. */
  redeem(token: string): boolean {
    if (this.isFixed(token)) return true
    const found = this.#waiting.findIndex((waiting) => secretEqual(waiting, token))
    if (found === -1) return false
    this.#waiting.splice(found, 1)
    return true
  }

  isFixed(token: string): boolean {
    return this.#fixed !== undefined && secretEqual(this.#fixed, token)
  }
}
