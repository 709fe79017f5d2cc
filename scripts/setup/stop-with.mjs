/** A failure with a message for the person: one line that says what to do. It is printed without a stack. */
export class SetupError extends Error {}

/** @returns {never} */
export function stopWith(message) {
  throw new SetupError(message)
}

/** Says what a failure of the system means in the words of the person who must mend it. */
export function explain(error) {
  if (error instanceof SetupError) return error.message
  if (error?.code === 'ENOSPC')
    return 'The disk is full: free some space (the first set-up needs about 3 GB) and run the command again.'
  if (error?.code === 'EACCES') return `No permission for ${error.path}: run the command as the owner of this folder.`
  return error?.stack ?? String(error)
}
