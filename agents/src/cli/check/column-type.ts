import { ColumnType } from '@plumbline/tools/contract'

/** From the name of a type in any of the systems; what is none of these is text. */
const KINDS: readonly (readonly [RegExp, ColumnType])[] = [
  [/\[\]|^(array|json|list|map|object|row|struct|super|union|variant)/, 'json'],
  [/^(big|huge|medium|small|tiny|u)*(int|integer|serial|int[248])\b|^(long|short|byteint)\b/, 'integer'],
  [/^(dec|decimal|double|fixed|float|money|number|numeric|real)/, 'number'],
  [/^bool/, 'boolean'],
  [/^(timestamp|datetime)/, 'timestamp'],
  [/^date/, 'date'],
]

/** The kind of a column: the name of one, or of the system's type (`DECIMAL(10, 2)`). */
export function columnType(name: string): ColumnType {
  const lower = name.trim().toLowerCase()
  const own = ColumnType.safeParse(lower)
  if (own.success) return own.data
  return KINDS.find(([pattern]) => pattern.test(lower))?.[1] ?? 'string'
}
