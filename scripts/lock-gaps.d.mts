export interface LockEntry {
  readonly dev?: boolean
  readonly license?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
export function missingOptional(
  packages: Readonly<Record<string, LockEntry>>,
): { parent: LockEntry; name: string; spec: string }[]
