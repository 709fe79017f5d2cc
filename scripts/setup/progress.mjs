const colour = process.stdout.isTTY && !process.env.NO_COLOR
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)

function seconds(ms) {
  return ms < 950 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/** Runs a step with a line of progress: what it is, how it ended, how long it took. */
export async function step(title, work) {
  const startedAt = performance.now()
  if (process.stdout.isTTY) process.stdout.write(`  ${title} …`)
  const clear = process.stdout.isTTY ? '\r\u001b[K' : ''
  try {
    const outcome = await work()
    const detail = [outcome, seconds(performance.now() - startedAt)].filter(Boolean).join(', ')
    process.stdout.write(`${clear}${paint(32, '✓')} ${title.padEnd(16)} ${paint(2, detail)}\n`)
  } catch (error) {
    process.stdout.write(`${clear}${paint(31, '✗')} ${title}\n`)
    throw error
  }
}
