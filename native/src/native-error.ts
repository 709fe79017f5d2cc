/** A failure of the engine. `code` is one of FILE_INVALID, FILE_NOT_FOUND, FILE_UNREADABLE, OPTION_INVALID, DISK_FULL, CANCELLED, INTERNAL. */
export class NativeError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NativeError'
    this.code = code
  }
}

/** An async function of the binding can not set a code: it stands in front of the message. */
export function toNativeError(cause: unknown): NativeError {
  const message = cause instanceof Error ? cause.message : String(cause)
  const [, code = 'INTERNAL', text = message] = /^([A-Z_]+)\|([\s\S]*)$/.exec(message) ?? []
  return new NativeError(code, text, { cause })
}
