import { LineCounter, parseDocument } from 'yaml'
import { PolicyDocument } from '../contract/policy.ts'
import { AppError } from '../errors/index.ts'
import { checkPolicies } from './check-policies.ts'

/** What is wrong in a policy document and where; lines and columns count from 1. */
export interface PolicyFault {
  readonly path: string
  readonly message: string
  readonly line?: number
  readonly column?: number
}

/**
 * A policy document from YAML (or JSON, which is YAML).
 * @throws AppError POLICY_INVALID; `data.faults` are all faults with path, line and column.
 */
export function parsePolicies(yamlText: string): PolicyDocument {
  const lines = new LineCounter()
  const document = parseDocument(yamlText, { lineCounter: lines, logLevel: 'error', uniqueKeys: true })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const locate = (path: readonly PropertyKey[]) => {
    // A missing key has no place of its own: its parent's is shown.
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
      if (node?.range) return at(node.range[0])
    }
    return {}
  }
  const broken = document.errors.map((error) => ({
    path: '',
    message: `it is not YAML: ${error.message.split('\n')[0]}`,
    ...at(error.pos[0]),
  }))
  if (broken.length > 0) throw invalid(broken)
  const raw = toJs(document)
  const parsed = PolicyDocument.safeParse(raw)
  if (!parsed.success) {
    throw invalid(
      parsed.error.issues.map((issue) => ({
        path: pathText(issue.path),
        message: issue.message,
        ...locate(issue.path),
      })),
    )
  }
  const faults = checkPolicies(parsed.data)
  if (faults.length > 0) {
    throw invalid(faults.map(({ path, message }) => ({ path: pathText(path), message, ...locate(path) })))
  }
  return parsed.data
}

function toJs(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 })
  } catch (cause) {
    throw invalid([{ path: '', message: cause instanceof Error ? cause.message : 'it can not be read' }])
  }
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}

function invalid(faults: PolicyFault[]): AppError {
  const shown = faults.slice(0, 5).map(({ path, message, line }) => {
    const place = [path || 'the document', ...(line === undefined ? [] : [`line ${line}`])].join(', ')
    return `${place}: ${message}`
  })
  const more = faults.length > 5 ? ` (and ${faults.length - 5} more)` : ''
  return new AppError('POLICY_INVALID', `The policies are not valid. Mend ${shown.join('; ')}${more}.`, {
    data: { faults },
  })
}
