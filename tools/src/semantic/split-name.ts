/** `dateOfBirth`, `date_of_birth`, `Date-Of-Birth` → "date of birth". */
export function splitName(name: string): string {
  return (
    name
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      // A name comes from a file: looking behind keeps a long one from being read anew at each of its letters.
      .replace(/(?<![A-Z])([A-Z]+)([A-Z][a-z])/g, '$1 $2')
      .replace(/[^\p{L}\p{N}%#]+/gu, ' ')
      .trim()
      .toLowerCase()
  )
}
