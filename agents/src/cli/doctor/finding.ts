/** What a check found. `mend` says what to do; a `warn` does not make the installation unfit. */
export interface Finding {
  readonly title: string
  readonly status: 'ok' | 'warn' | 'bad'
  readonly detail: string
  readonly mend?: string
}

export type DoctorCheck = () => Promise<Finding>

export const ok = (title: string, detail: string): Finding => ({ title, status: 'ok', detail })
export const warn = (title: string, detail: string, mend: string): Finding => ({ title, status: 'warn', detail, mend })
export const bad = (title: string, detail: string, mend: string): Finding => ({ title, status: 'bad', detail, mend })

/** Runs the checks side by side; one that throws is a finding like the others. */
export async function examine(checks: readonly DoctorCheck[]): Promise<Finding[]> {
  return Promise.all(
    checks.map((check) =>
      check().catch((error: unknown) =>
        bad(check.name, error instanceof Error ? error.message : String(error), 'Run npm start once more.'),
      ),
    ),
  )
}

export function renderFindings(findings: readonly Finding[]): string {
  const mark = { ok: '✓', warn: '!', bad: '✗' }
  const width = Math.max(...findings.map(({ title }) => title.length))
  const lines = findings.flatMap(({ title, status, detail, mend }) => [
    `${mark[status]} ${title.padEnd(width)}  ${detail}`,
    ...(mend ? [`  ${' '.repeat(width)}  → ${mend}`] : []),
  ])
  const broken = findings.filter(({ status }) => status === 'bad').length
  return [...lines, '', broken === 0 ? 'Everything that is needed is there.' : `${broken} to mend.`].join('\n')
}
