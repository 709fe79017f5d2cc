import { readFile } from 'node:fs/promises'
import { parse as parseYaml } from 'yaml'
import { AppError } from '../errors/index.ts'
import { checkReferences } from './check-references.ts'
import { SemanticModel } from './model.ts'

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}

function invalid(faults: { path: string; message: string }[], cause?: unknown): AppError {
  const shown = faults.slice(0, 5).map((fault) => `${fault.path || 'the file'}: ${fault.message}`)
  const more = faults.length > 5 ? ` (and ${faults.length - 5} more)` : ''
  return new AppError('SEMANTIC_MODEL_INVALID', `The semantic model is not valid. Mend ${shown.join('; ')}${more}.`, {
    cause,
    data: { faults },
  })
}

/**
 * A semantic model from YAML (or JSON, which is YAML).
 * @throws AppError SEMANTIC_MODEL_INVALID naming each path and what to do.
 */
export function parseSemanticModel(yamlText: string): SemanticModel {
  let raw: unknown
  try {
    raw = parseYaml(yamlText, { maxAliasCount: 50, logLevel: 'error' })
  } catch (cause) {
    const line = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : ''
    throw invalid([{ path: '', message: `it is not YAML: ${line}` }], cause)
  }
  const parsed = SemanticModel.safeParse(raw)
  if (!parsed.success) {
    throw invalid(
      parsed.error.issues.map((issue) => ({ path: pathText(issue.path), message: issue.message })),
      parsed.error,
    )
  }
  const faults = checkReferences(parsed.data)
  if (faults.length > 0) throw invalid(faults)
  return parsed.data
}

/** Reads and parses a model file. @throws AppError SEMANTIC_MODEL_INVALID, also when the file can not be read. */
export async function loadSemanticModel(file: string): Promise<SemanticModel> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new AppError('SEMANTIC_MODEL_INVALID', `The semantic model ${file} can not be read. Check that it exists.`, {
      cause,
    })
  }
  return parseSemanticModel(text)
}
