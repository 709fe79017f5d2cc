import { z } from 'zod'
import { PlanSketch } from './plan-sketch.ts'

const Choice = z.object({ id: z.string().min(1).max(100), label: z.string().min(1).max(200) })

/** What a model may answer. The union stands below the root, where strict structured output allows none. */
export const DraftOutput = z.object({
  answer: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('plan'), plan: PlanSketch }),
    z.object({
      kind: z.literal('sql'),
      sql: z.string().min(1),
      reading: z.string().min(1),
      assumptions: z.array(z.string()),
    }),
    z.object({
      kind: z.literal('clarify'),
      prompt: z.string().min(1),
      choices: z
        .array(Choice)
        .min(2)
        .max(5)
        .refine((choices) => new Set(choices.map(({ id }) => id)).size === choices.length, 'ids must differ'),
    }),
    z.object({ kind: z.literal('refuse'), reason: z.string().min(1) }),
  ]),
})
export type DraftOutput = z.infer<typeof DraftOutput>
