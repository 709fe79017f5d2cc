import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@plumbline/tools/errors'
import { z } from 'zod'

/**
 * One case of a suite. `gold_sql` gives the right rows on the suite's own source; a case with `expect` other than
 * `answered` must end that way instead. `after` asks in the thread of another case; `choice` answers the question back.
 */
export const Case = z
  .object({
    id: z.string(),
    question: z.string().min(1),
    tags: z.array(z.string()).default([]),
    expect: z.enum(['answered', 'refused']).default('answered'),
    gold_sql: z.string().optional(),
    /** Other right results, where the question leaves open how a row is named. */
    gold_sql_alternatives: z.array(z.string()).default([]),
    /** The gold has an order that counts. */
    ordered: z.boolean().default(false),
    after: z.string().optional(),
    /** The assistant must ask back, and this choice is then made. */
    choice: z.string().optional(),
  })
  .refine((c) => c.expect !== 'answered' || c.gold_sql !== undefined, 'an answerable case needs gold_sql')
export type Case = z.infer<typeof Case>

export interface Suite {
  readonly name: string
  readonly cases: Case[]
}

/** Reads `questions.jsonl` of a suite folder. Throws FILE_INVALID naming the line. */
export async function loadSuite(folder: string): Promise<Suite> {
  const text = await readFile(join(folder, 'questions.jsonl'), 'utf8').catch((cause: unknown) => {
    throw new AppError('FILE_INVALID', `No questions.jsonl in ${folder}.`, { cause })
  })
  const cases = text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parseCase(line, i + 1)]))
  const ids = new Set<string>()
  for (const { id, after } of cases) {
    if (ids.has(id)) throw new AppError('FILE_INVALID', `The id \`${id}\` is there twice.`)
    if (after !== undefined && !ids.has(after)) {
      throw new AppError('FILE_INVALID', `\`${id}\` comes after \`${after}\`, which is not above it.`)
    }
    ids.add(id)
  }
  return { name: folder.split('/').filter(Boolean).at(-1) ?? folder, cases }
}

function parseCase(line: string, number: number): Case {
  try {
    return Case.parse(JSON.parse(line))
  } catch (cause) {
    throw new AppError('FILE_INVALID', `Line ${number} of questions.jsonl is not a case: ${String(cause)}`, { cause })
  }
}
