import type { Report } from './report.ts'

const percent = (value: number) => `${(value * 100).toFixed(1)} %`

/** The report as a few lines for a terminal or a log. */
export function summary(report: Report): string {
  return [
    `${report.suite}, model ${report.model}, ${report.date}, ${report.commit}, ${report.machine}`,
    `right          ${report.correct} of ${report.total}`,
    `accuracy       ${percent(report.accuracy)} of the answerable questions`,
    `precision      ${percent(report.precision)} of those it answered`,
    `coverage       ${percent(report.coverage)}`,
    `refused right  ${report.refused_right} of ${report.refused_total}`,
    `asked back     ${report.clarify_right} of ${report.clarify_total}`,
    `time           p50 ${report.p50_ms} ms, p95 ${report.p95_ms} ms`,
    `cost           ${report.tokens} tokens, $${report.cost_usd.toFixed(4)}`,
    ...(report.harness_errors > 0 ? [`harness errors ${report.harness_errors}`] : []),
    ...(report.misses.length > 0 ? [`wrong          ${report.misses.join(', ')}`] : []),
  ].join('\n')
}
