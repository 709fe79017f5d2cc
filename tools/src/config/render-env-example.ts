import { defaultOf } from './default-of.ts'
import type { ConfigFields } from './define-config.ts'

/** The text of `.env.example`: every variable with its description, commented out at its default. */
export function renderEnvExample(fields: ConfigFields): string {
  const blocks = Object.values(fields).map((field) => {
    const note = field.secret ? `${field.description} (secret)` : field.description
    return `# ${note}\n# ${field.env}=${defaultOf(field) ?? ''}\n`
  })
  return blocks.join('\n')
}
