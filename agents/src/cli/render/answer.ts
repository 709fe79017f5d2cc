import type { Answer, ApprovalOffer } from '@plumbline/tools/contract'
import { renderChart } from './chart.ts'
import { plainText, type Style } from './style.ts'
import { renderTable } from './table.ts'

/** CommonMark for a terminal: bold stays bold, escapes go. */
function markdown(text: string, style: Style): string {
  return text
    .split('\n')
    .map((line) => plainText(line))
    .join('\n')
    .replace(/(?<!\\)\*\*((?:\\.|[^*\\])+)\*\*/g, (_, inner: string) => style.bold(inner))
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
}

function receiptLine(answer: Answer): string {
  const { receipt } = answer
  if (!receipt) return ''
  const origin = {
    plan: 'planner, no model',
    'verified-query': 'verified query',
    model: receipt.origin.model ?? 'model',
    person: 'your SQL',
  }
  const tokens = receipt.cost.inputTokens + receipt.cost.outputTokens
  const cost = tokens === 0 ? 'free' : `${tokens.toLocaleString('en-US')} tokens, $${receipt.cost.usd.toFixed(4)}`
  const rows = receipt.truncated ? `${receipt.rowCount} rows, cut` : `${receipt.rowCount} rows`
  const tables = receipt.tables.map((table) => table.name).join(', ')
  return `${origin[receipt.origin.kind]} · ${tables} · ${rows} · ${Math.round(receipt.totalMs)} ms · ${cost} · receipt ${receipt.id}`
}

/** An answer for a person at a terminal: words, a small chart, the table, how it was read, and the receipt in a line. */
export function renderAnswer(answer: Answer, style: Style): string {
  if (answer.status === 'clarify') return renderClarification(answer, style)
  if (answer.status === 'approval' && answer.approval) return renderOffer(answer, answer.approval, style)
  const parts = [markdown(answer.text, style)]
  if (answer.status === 'answered') {
    const chart = renderChart(answer, style)
    if (chart) parts.push(chart)
    if (answer.rows.length > 1 || answer.columns.length > 2) parts.push(renderTable(answer.columns, answer.rows, style))
    const origin = answer.receipt?.origin
    const read = [
      `I read this as: ${plainText(origin?.reading ?? '')}`,
      ...(origin?.assumptions ?? []).map((text) => `Assumed: ${plainText(text)}`),
    ]
    parts.push(style.dim([...read, receiptLine(answer), `thread ${answer.threadId}`].join('\n')))
  } else if (answer.suggestions.length > 0) {
    parts.push(`You could ask:\n${answer.suggestions.map((text) => `  ${plainText(text)}`).join('\n')}`)
  }
  return `${parts.join('\n\n')}\n`
}

function renderClarification(answer: Answer, style: Style): string {
  const choices = answer.clarification?.choices ?? []
  const width = Math.max(...choices.map(({ id }) => id.length))
  const lines = choices.map(({ id, label, description }) => {
    const more = description ? style.dim(` ${plainText(description)}`) : ''
    return `  ${style.bold(plainText(id).padEnd(width))}  ${plainText(label)}${more}`
  })
  const next = `plumbline ask --thread ${answer.threadId} --choice ${choices[0]?.id ?? 'ID'}`
  return `${markdown(answer.text, style)}\n\n${lines.join('\n')}\n\n${style.dim(`Go on with: ${next}`)}\n`
}

function renderOffer(answer: Answer, { id, expiresAt, sql }: ApprovalOffer, style: Style): string {
  const until = expiresAt.slice(0, 16).replace('T', ' ')
  const query = sql.split('\n').map((line) => `  ${plainText(line)}`)
  const next = `Ask for approval until ${until} UTC with: plumbline approvals request ${id}\nthread ${answer.threadId}`
  return `${[markdown(answer.text, style), query.join('\n'), style.dim(next)].join('\n\n')}\n`
}
