import { plainText, type Style } from '../render/style.ts'
import type { CheckResult } from './check-result.ts'

/** A result for a person: one line, and what to mend below it. */
export function renderResult({ id, allowed, code, reason }: CheckResult, style: Style): string {
  const name = plainText(String(id ?? '?'))
  if (allowed) return `✓ ${name}`
  return `✗ ${style.bold(name)}  ${code}\n  ${plainText(reason ?? '')}`
}
