import { readFileSync } from 'node:fs'
import { Principal } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'

/** Whoever starts the process on their own machine. */
const STARTER: Principal = { id: 'stdio', name: 'Local MCP client', roles: ['owner'], attributes: {} }

/**
 * For whom a server over stdio works. MCP leaves authorization over stdio to the environment: the client never says who asks, the
 * configuration does.
 * @param setting PLUMBLINE_PRINCIPAL: JSON `{ id, name, roles, attributes }`, or a file that holds it; unset: the owner.
 * @throws CONFIG_INVALID
 */
export function stdioPrincipal(setting: string | undefined): Principal {
  if (setting === undefined) return STARTER
  const text = setting.trimStart().startsWith('{') ? setting : readFile(setting)
  const parsed = Principal.strict().safeParse(readJson(text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.length ? `\`${issue.path.join('.')}\`: ` : ''
  throw invalid(`PLUMBLINE_PRINCIPAL does not describe a principal: ${where}${issue?.message ?? 'it is empty'}.`)
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw invalid('PLUMBLINE_PRINCIPAL is neither JSON nor a file that can be read.', cause)
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid('PLUMBLINE_PRINCIPAL is not valid JSON.', cause)
  }
}

const invalid = (message: string, cause?: unknown) => new AppError('CONFIG_INVALID', message, { cause })
