import { z } from 'zod'

/** Who asks. Made by an auth plugin (HTTP), by configuration (stdio) or by the local one-user mode; never by the caller. */
export const Principal = z.object({
  id: z.string().min(1),
  name: z.string(),
  roles: z.array(z.string()),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
})
export type Principal = z.infer<typeof Principal>
