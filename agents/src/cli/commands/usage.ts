import { UsageOfPeople, UsageReport } from '@plumbline/tools/contract'
import type { Config } from '../../config.ts'
import { runningServer } from '../ask-door.ts'
import { plainText, type Style, terminalStyle } from '../render/style.ts'
import { withOwnState } from '../with-own-state.ts'

export interface UsageOptions {
  readonly json?: boolean
  readonly days?: string
  readonly everyone?: boolean
}

/** Prints what was used of models and sources by day, or by person. */
export async function usageCommand(options: UsageOptions, config: Config): Promise<number> {
  const days = Math.min(366, Math.max(1, Math.round(Number(options.days ?? 30)) || 30))
  const style = terminalStyle()
  const report = options.everyone ? await fetchPeople(days, config) : await fetchOwn(days, config)
  const text = options.json ? JSON.stringify(report, null, 2) : wordsOf(report, style)
  process.stdout.write(`${text}\n`)
  return 0
}

async function fetchOwn(days: number, config: Config): Promise<UsageReport> {
  const server = await runningServer(config)
  if (server) return UsageReport.parse(await server.call('GET', `/api/usage?days=${days}`))
  const [{ usageReport }, { dayLimitsOf }] = await Promise.all([
    import('../../assistant/usage-report.ts'),
    import('../../governance/day-limits.ts'),
  ])
  const { localPrincipal } = await import('../../assistant/local-principal.ts')
  return withOwnState(config, async (state, principalId) => {
    const policies = (await state.policies.current())?.document ?? null
    return usageReport(state.usage, principalId, dayLimitsOf(policies, localPrincipal), days)
  })
}

async function fetchPeople(days: number, config: Config): Promise<UsageOfPeople> {
  const server = await runningServer(config)
  if (server) return UsageOfPeople.parse(await server.call('GET', `/api/usage/people?days=${days}`))
  return withOwnState(config, (state) => state.usage.people(days))
}

type Figures = Omit<UsageReport['today'], 'day'>

function wordsOf(report: UsageReport | UsageOfPeople, style: Style): string {
  if ('people' in report) {
    const lines = report.people.map(({ principalId, ...figures }) => line(plainText(principalId), figures, style))
    return lines.length === 0 ? 'Nobody has asked anything yet.' : lines.join('\n')
  }
  const { days, limits, today, resetsAt } = report
  const used = today.inputTokens + today.outputTokens
  const left = [
    ...(limits.tokensPerDay === null ? [] : [`${count(used)} of ${count(limits.tokensPerDay)} tokens`]),
    ...(limits.usdPerDay === null ? [] : [`$${today.usd.toFixed(2)} of $${limits.usdPerDay.toFixed(2)}`]),
  ]
  const limit =
    left.length === 0
      ? 'Nothing limits your use of models.'
      : `Today: ${left.join(', ')} for models; it starts anew at ${resetsAt.slice(0, 16).replace('T', ' ')} UTC.`
  const lines = days.map(({ day, ...figures }) => line(day, figures, style))
  return [limit, ...lines].join('\n')
}

function line(name: string, figures: Figures, style: Style): string {
  const { inputTokens, outputTokens, usd, questions, queries, rowsScanned } = figures
  const scanned = rowsScanned > 0 ? `, about ${count(rowsScanned)} rows read` : ''
  const tokens = count(inputTokens + outputTokens)
  return `${style.dim(name)}  ${count(questions)} questions, ${count(queries)} queries${scanned}, ${tokens} tokens, $${usd.toFixed(4)}`
}

const count = (value: number) => Math.round(value).toLocaleString('en-US')
