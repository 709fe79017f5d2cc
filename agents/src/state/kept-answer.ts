import type { Answer, Vote } from '@plumbline/tools/contract'

/** An answer as it was kept. What its reader may see now is for `Assistant.present` to say. */
export type KeptAnswer = Answer & { readonly vote: Vote | null; readonly access: string | null }

/** A row of the table as an answer; the driver has parsed the JSON already. */
export function keptAnswer(row: { answer: string; access: string | null; vote: Vote | null }): KeptAnswer {
  return { ...(row.answer as unknown as Answer), vote: row.vote, access: row.access }
}
