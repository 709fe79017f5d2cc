import type { ConfigField } from './define-config.ts'

/** What a field is when its variable is unset, as text for people; `undefined` when it stays unset or is required. */
export function defaultOf(field: ConfigField): string | undefined {
  if (field.shownDefault !== undefined) return field.shownDefault
  if (field.secret) return undefined
  const result = field.schema.safeParse(undefined)
  if (!result.success || result.data === undefined || result.data === null) return undefined
  return Array.isArray(result.data) ? result.data.join(',') : String(result.data)
}
