import type { z } from 'zod'
import { AppError } from '../errors/index.ts'

/** One setting of a process: where it comes from, what it may be, and what a reader must know about it. */
export interface ConfigField<Schema extends z.ZodType = z.ZodType> {
  /** Name of the environment variable. */
  readonly env: string
  /** Reads the text of the variable (`undefined` when it is unset or empty). */
  readonly schema: Schema
  readonly description: string
  /** A secret is never repeated in a message, an example file or a table. */
  readonly secret?: boolean
  /** What the documentation shows as the default where it is not a plain value, such as a folder. */
  readonly shownDefault?: string
}

export type ConfigFields = Readonly<Record<string, ConfigField>>

/** The values of a set of fields, frozen. */
export type Config<Fields extends ConfigFields> = {
  readonly [Name in keyof Fields]: z.output<Fields[Name]['schema']>
}

/**
 * The configuration of a process as data. `load(env)` reads every variable and fails once, with CONFIG_INVALID and all
 * the faulty variables in one message, so that a person mends them in one go.
 */
export function defineConfig<const Fields extends ConfigFields>(fields: Fields) {
  return {
    fields,
    load(env: Readonly<Record<string, string | undefined>>): Config<Fields> {
      const values: Record<string, unknown> = {}
      const faults: string[] = []
      for (const [name, field] of Object.entries(fields)) {
        // An empty variable (`DATABASE_URL=` in a file) means "not set" to everyone who writes it.
        const text = env[field.env]?.trim() || undefined
        const result = field.schema.safeParse(text)
        if (result.success) values[name] = result.data
        else faults.push(describeFault(field, text, result.error))
      }
      if (faults.length > 0) {
        throw new AppError('CONFIG_INVALID', faults.join(' '), { data: { faults } })
      }
      return Object.freeze(values) as Config<Fields>
    },
  }
}

function describeFault(field: ConfigField, text: string | undefined, error: z.ZodError): string {
  const expected = error.issues[0]?.message ?? 'expects another value'
  if (text === undefined) return `${field.env} is not set: it ${expected}.`
  const given = field.secret ? '' : ` \`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``
  return `${field.env}${given} is not valid: it ${expected}.`
}
