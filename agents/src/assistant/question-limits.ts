import { QUESTION_MAX_CHARS } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'

/** A question as it is worked on: trimmed, without control characters. Refuses an empty and an over-long one. */
export function readQuestion(raw: string): string {
  if (raw.length > QUESTION_MAX_CHARS) {
    const [is, may] = [raw.length, QUESTION_MAX_CHARS].map((n) => n.toLocaleString('en-US'))
    throw new AppError(
      'QUESTION_TOO_LONG',
      `Your question has ${is} characters; I read up to ${may}. Ask in fewer words.`,
    )
  }
  // Control and bidi characters say nothing to a reader and can hide what is asked.
  const question = raw
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .trim()
  if (question === '') {
    throw new AppError('QUESTION_EMPTY', 'Ask a question about the data, for example one of the suggestions.')
  }
  return question
}
