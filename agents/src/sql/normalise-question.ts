/** Two questions with the same words are the same question: case, spaces and closing punctuation do not count. */
export function normaliseQuestion(question: string): string {
  return question
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s?.!]+$/u, '')
    .replace(/\s+/gu, ' ')
    .trim()
}
