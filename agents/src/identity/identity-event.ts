/** What happens to sessions, people, keys and tokens, for the audit log. Never holds a secret. */
export interface IdentityEvent {
  readonly type:
    | 'signed-in'
    | 'sign-in-failed'
    | 'signed-out'
    | 'signed-out-everywhere'
    | 'user-disabled'
    | 'user-enabled'
    | 'key-created'
    | 'key-revoked'
    | 'token-issued'
    | 'token-revoked'
    | 'refresh-token-reused'
    | 'signing-key-rotated'
  /** Whom it is about; `unknown` where nobody could be told. */
  readonly userId: string
  /** Who did it, where that is somebody else. */
  readonly by?: string
  /** The key or grant, or why it failed. */
  readonly subject?: string
}

export type RecordEvent = (event: IdentityEvent) => void | Promise<void>
