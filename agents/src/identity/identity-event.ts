/** What happens to sessions, people, keys and tokens, for the audit log. Never holds a secret. */
export interface IdentityEvent {
  readonly type:
    | 'signed-in'
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
  /** Whom it is about. */
  readonly userId: string
  /** Who did it, where that is somebody else. */
  readonly by?: string
  /** The key or grant. */
  readonly subject?: string
}

export type RecordEvent = (event: IdentityEvent) => void | Promise<void>
