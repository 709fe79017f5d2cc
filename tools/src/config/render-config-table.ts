import { defaultOf } from './default-of.ts'
import type { ConfigField, ConfigFields } from './define-config.ts'

/** A Markdown table of the variables, for the README. */
export function renderConfigTable(fields: ConfigFields): string {
  const rows = Object.values(fields).map(
    (field) => `| \`${field.env}\` | ${escapePipes(describe(field))} | ${shown(defaultOf(field))} |`,
  )
  return ['| Variable | What it does | Default |', '|---|---|---|', ...rows].join('\n')
}

const describe = (field: ConfigField) => (field.secret ? `${field.description} Secret.` : field.description)
const shown = (value: string | undefined) => (value === undefined || value === '' ? '' : `\`${escapePipes(value)}\``)
const escapePipes = (text: string) => text.replaceAll('|', '\\|')
