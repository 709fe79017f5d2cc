import { Approval, ApprovalPage } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import { amount } from '@plumbline/tools/governance'
import type { Config } from '../../config.ts'
import { runningServer } from '../ask-door.ts'
import { plainText, type Style, terminalStyle } from '../render/style.ts'

/** Lists queries over a budget, newest first. */
export async function listApprovalsCommand(
  options: { mine?: boolean; json?: boolean },
  config: Config,
): Promise<number> {
  const server = await serverOf(config)
  const path = options.mine ? '/api/approvals/mine' : '/api/approvals?state=requested'
  const { approvals } = ApprovalPage.parse(await server.call('GET', path))
  const style = terminalStyle()
  if (options.json) process.stdout.write(`${JSON.stringify(approvals, null, 2)}\n`)
  else if (approvals.length === 0) process.stdout.write('Nothing waits for an approval.\n')
  for (const approval of options.json ? [] : approvals) process.stdout.write(`${describe(approval, style)}\n`)
  return 0
}

/** Asks for an approval, gives it or declines. */
export async function approvalCommand(
  verb: 'request' | 'approve' | 'decline',
  id: string,
  { comment }: { comment?: string },
  config: Config,
): Promise<number> {
  if (verb === 'decline' && !comment?.trim()) {
    throw new AppError('INPUT_INVALID', 'Say why with --comment: the asker reads it.')
  }
  const server = await serverOf(config)
  const path = `/api/approvals/${encodeURIComponent(id)}/${verb}`
  const approval = Approval.parse(await server.call('POST', path, comment ? { comment } : {}))
  process.stdout.write(`${describe(approval, terminalStyle())}\n`)
  return 0
}

/** What is decided is gone on with by the server. */
async function serverOf(config: Config) {
  const server = await runningServer(config)
  if (server) return server
  throw new AppError('STATE_UNAVAILABLE', 'Approvals need the running server: start it with `plumbline start`.')
}

const STATE: Record<Approval['state'], string> = {
  offered: 'not asked for yet',
  requested: 'waits for approval',
  approved: 'approved, it will run',
  used: 'approved, it has run',
  declined: 'declined',
  withdrawn: 'not wanted any more',
  expired: 'expired',
}

function describe(approval: Approval, style: Style): string {
  const { id, state, asker, figure, value, limit, question, decision } = approval
  const size = value === null ? 'nobody knows how much' : `about ${amount(figure, value)}`
  const by = decision
    ? ` by ${plainText(decision.by.name)}${decision.comment ? `: ${plainText(decision.comment)}` : ''}`
    : ''
  return `${style.dim(id)}  ${STATE[state]}${by}\n  ${plainText(asker.name)}: ${plainText(question)}\n  reads ${size}, budget ${amount(figure, limit)}`
}
