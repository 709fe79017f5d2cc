import { createInterface } from 'node:readline/promises'
import type { Answer } from '@plumbline/tools/contract'
import type { Config } from '../../config.ts'
import { openAskDoor } from '../ask-door.ts'
import { EXIT } from '../exit-codes.ts'
import { renderAnswer } from '../render/answer.ts'
import { plainText, terminalStyle } from '../render/style.ts'

export interface AskOptions {
  readonly json?: boolean
  readonly thread?: string
  readonly choice?: string
  readonly source?: string
}

/** Asks one question, and back where a person can answer. Returns the exit code. */
export async function askCommand(question: string, options: AskOptions, config: Config): Promise<number> {
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort())
  const door = await openAskDoor(config)
  try {
    let answer = await door.ask(
      {
        question,
        ...(options.thread ? { threadId: options.thread } : {}),
        ...(options.choice ? { choice: options.choice } : {}),
        ...(options.source ? { source: options.source } : {}),
      },
      controller.signal,
    )
    while (answer.status === 'clarify' && !options.json && process.stdin.isTTY && process.stdout.isTTY) {
      const choice = await askBack(answer, controller.signal)
      if (choice === null) break
      answer = await door.ask({ question: '', threadId: answer.threadId, choice }, controller.signal)
    }
    process.stdout.write(options.json ? `${JSON.stringify(answer, null, 2)}\n` : renderAnswer(answer, terminalStyle()))
    return EXIT[answer.status]
  } finally {
    await door.close()
  }
}

/** The choice of a person at the terminal, by number or id; null when they press Enter. */
async function askBack(answer: Answer, signal: AbortSignal): Promise<string | null> {
  const choices = answer.clarification?.choices ?? []
  const lines = choices.map(({ label }, i) => `  ${i + 1}  ${plainText(label)}`)
  process.stdout.write(`${[plainText(answer.text), ...lines].join('\n')}\n`)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const typed = (await terminal.question('Number (Enter to leave it): ', { signal })).trim()
    return choices[Number(typed) - 1]?.id ?? choices.find(({ id }) => id === typed)?.id ?? null
  } finally {
    terminal.close()
  }
}
