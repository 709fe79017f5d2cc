import { stripVTControlCharacters } from 'node:util'

const tty = process.stdout.isTTY
const colour = tty && !process.env.NO_COLOR
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
const CLEAR = '\r\u001b[K'
const LONG_MS = 2000

// Whoever read the lines is gone (npm start | head): there is nobody left to tell.
process.stdout.on('error', () => process.exit(1))

function seconds(ms) {
  return ms < 950 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

/**
 * Runs a step with a line of progress: what it is, how it ended, how long it took. While it runs, a terminal shows the time
 * and the last words of the work (which gets a function for them); elsewhere a long step says that it has begun.
 */
export async function step(title, work) {
  const startedAt = performance.now()
  const stop = tty ? draw(title, startedAt) : announce(title)
  try {
    const outcome = await work(stop.say)
    stop()
    const detail = [outcome, seconds(performance.now() - startedAt)].filter(Boolean).join(', ')
    process.stdout.write(`${paint(32, '✓')} ${title.padEnd(16)} ${paint(2, detail)}\n`)
  } catch (error) {
    stop()
    process.stdout.write(`${paint(31, '✗')} ${title}\n`)
    throw error
  }
}

function draw(title, startedAt) {
  let last = ''
  const show = () => {
    const room = Math.max(0, (process.stdout.columns ?? 80) - title.length - 16)
    const time = performance.now() - startedAt > LONG_MS ? ` ${seconds(performance.now() - startedAt)}  ` : ''
    process.stdout.write(`${CLEAR}… ${title}${time}${time ? paint(2, last.slice(0, room)) : ''}`)
  }
  show()
  const timer = setInterval(show, 500)
  return Object.assign(
    () => {
      clearInterval(timer)
      process.stdout.write(CLEAR)
    },
    {
      say(line) {
        // Colours and cursor moves of the command would leave this line.
        last = stripVTControlCharacters(line).replace(/\p{Cc}/gu, ' ')
      },
    },
  )
}

function announce(title) {
  const timer = setTimeout(() => process.stdout.write(`… ${title}\n`), LONG_MS)
  return Object.assign(() => clearTimeout(timer), { say() {} })
}
