import { z } from 'zod'
import { noEstimate, type PlanEstimate } from '../plan-estimate.ts'

const Count = z.number().nonnegative()
const Operation = z.object({
  operation: z.string(),
  objects: z.array(z.string()).optional(),
  expressions: z.array(z.string()).optional(),
  bytesAssigned: Count.optional(),
})
/** `EXPLAIN USING JSON`: the statistics of the whole and a list of operations for each step. */
const Explained = z.object({
  GlobalStats: z.object({ bytesAssigned: Count }),
  Operations: z.array(z.array(Operation)),
})

/**
 * The bytes that Snowflake will scan after pruning by partition: `GlobalStats.bytesAssigned`, an upper bound. Snowflake's plan
 * has no rows: a budget of rows can not be held against it.
 * @param json the one value that `EXPLAIN USING JSON` gives, parsed or as text.
 */
export function snowflakeEstimate(json: unknown): PlanEstimate {
  const plan = readPlan(json)
  if (plan === null) return noEstimate('the plan of Snowflake could not be read')
  const operations = plan.Operations.flat()
  const named = (name: string) => operations.filter(({ operation }) => operation === name)
  return {
    bytes: plan.GlobalStats.bytesAssigned,
    unit: 'bytes',
    source: 'bytes',
    exact: false,
    shape: {
      scans: named('TableScan').map(({ objects, bytesAssigned }) => ({
        table: objects?.[0] ?? '',
        rows: bytesAssigned ?? 0,
      })),
      crossJoin: named('CartesianJoin').length > 0,
      filters: named('Filter').flatMap(({ expressions }) => expressions ?? []),
      groups: 0,
    },
  }
}

function readPlan(json: unknown): z.infer<typeof Explained> | null {
  try {
    return Explained.parse(typeof json === 'string' ? JSON.parse(json) : json)
  } catch {
    return null
  }
}
