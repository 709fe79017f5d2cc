import { z } from 'zod'

const Scalar = z.union([z.string(), z.number(), z.boolean()])
const Attribute = z.union([Scalar, z.array(z.union([z.string(), z.number()]))])

/** Who asks. Made by an auth plugin (HTTP), by configuration (stdio) or by the local one-user mode; never by the caller. */
export const Principal = z.object({
  id: z.string().min(1),
  name: z.string(),
  roles: z.array(z.string()),
  /** Facts about the person that row filters compare with; a list stands in `IN (:principal.regions)`. */
  attributes: z.record(z.string(), Attribute).default({}),
})
export type Principal = z.infer<typeof Principal>
