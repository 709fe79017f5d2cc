import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from './report.ts'
import type { CaseResult } from './run-case.ts'

/** Writes report.json (the figures) and results.jsonl (every case with its SQL, the gold's, and the first rows of both). */
export async function writeReport(folder: string, report: Report, results: readonly CaseResult[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(join(folder, 'results.jsonl'), results.map((result) => `${JSON.stringify(result)}\n`).join(''))
}
