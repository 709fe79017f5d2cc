import { z } from 'zod'
import { noEstimate, type PlanEstimate } from '../plan-estimate.ts'
import { PlanTally } from './plan-tally.ts'

/** The fields of `EXPLAIN (FORMAT JSON)` that are read, of PostgreSQL 12 to 18. */
interface Node {
  readonly 'Node Type': string
  readonly 'Plan Rows': number
  readonly 'Plan Width': number
  readonly 'Total Cost': number
  readonly 'Relation Name'?: string | undefined
  readonly Schema?: string | undefined
  readonly 'Function Name'?: string | undefined
  readonly 'Workers Planned'?: number | undefined
  readonly Filter?: string | undefined
  readonly 'Index Cond'?: string | undefined
  readonly 'Recheck Cond'?: string | undefined
  readonly 'Join Filter'?: string | undefined
  readonly 'Hash Cond'?: string | undefined
  readonly 'Merge Cond'?: string | undefined
  readonly 'Group Key'?: readonly string[] | undefined
  readonly 'Subplan Name'?: string | undefined
  readonly 'Parent Relationship'?: string | undefined
  readonly Plans?: readonly Node[] | undefined
}

const text = z.string().optional()
const Node: z.ZodType<Node> = z.lazy(() =>
  z.object({
    'Node Type': z.string(),
    'Plan Rows': z.number(),
    'Plan Width': z.number(),
    'Total Cost': z.number(),
    'Relation Name': text,
    Schema: text,
    'Function Name': text,
    'Workers Planned': z.number().optional(),
    Filter: text,
    'Index Cond': text,
    'Recheck Cond': text,
    'Join Filter': text,
    'Hash Cond': text,
    'Merge Cond': text,
    'Group Key': z.array(z.string()).optional(),
    'Subplan Name': text,
    'Parent Relationship': text,
    Plans: z.array(Node).optional(),
  }),
)
const Explained = z.array(z.object({ Plan: Node })).length(1)

const CONDITIONS = ['Filter', 'Index Cond', 'Recheck Cond', 'Join Filter', 'Hash Cond', 'Merge Cond'] as const
/** Nodes that hand on what another part of the plan has read. */
const NOT_READ = new Set(['Subquery Scan', 'CTE Scan', 'WorkTable Scan', 'Values Scan', 'Bitmap Index Scan'])

/**
 * The estimate in a plan of PostgreSQL: rows of the scans, or of the largest join; a nested loop counts every pair it looks at.
 * @param json the one value that `EXPLAIN (FORMAT JSON)` gives, parsed or as text.
 */
export function postgresqlEstimate(json: unknown): PlanEstimate {
  const plan = readPlan(json)
  if (plan === null) return noEstimate('the plan of PostgreSQL could not be read')
  const tally = new PlanTally()
  walk(plan, tally, 1)
  return tally.result('PostgreSQL cost units', plan['Total Cost'])
}

function readPlan(json: unknown): Node | null {
  try {
    return Explained.parse(typeof json === 'string' ? JSON.parse(json) : json)[0]?.Plan ?? null
  } catch {
    return null
  }
}

/** What a node gives in one go, and the most rows that it or a node below looks at. */
interface Walked {
  readonly rows: number
  readonly touched: number
}

/** @param workers below a Gather, `Plan Rows` are those of one process: how many processes share the work. */
function walk(node: Node, tally: PlanTally, workers: number): Walked {
  const type = node['Node Type']
  const shared = node['Workers Planned'] === undefined ? workers : processes(node['Workers Planned'])
  for (const condition of CONDITIONS) {
    const words = node[condition]
    if (words !== undefined) tally.filter(words)
  }
  if (type === 'Recursive Union') tally.unknown('it is recursive, and nobody knows how often it goes round')
  const children = node.Plans ?? []
  const walked = children.map((child) => ({ child, ...walk(child, tally, shared) }))
  const [outer, inner] = walked.filter(({ child }) => child['Subplan Name'] === undefined)
  const rows = node['Plan Rows'] * workers
  let touched = Math.max(rows, ...walked.map((part) => part.touched))
  if (isScan(type)) tally.scan(nameOf(node), rows, rows * Math.max(1, node['Plan Width']))
  if (node['Group Key'] !== undefined) tally.group(rows)
  if (outer && inner && type === 'Nested Loop') {
    // The inner side is planned for one round, and every process goes its own rounds.
    touched = Math.max(touched, outer.rows * Math.max(1, inner.rows / shared))
    tally.join(touched, node['Join Filter'] === undefined && !hasKey(inner.child))
  } else if (outer && inner && (type === 'Hash Join' || type === 'Merge Join')) {
    tally.join(rows, false)
  }
  for (const part of walked) {
    if (!runsForEachRow(node, part.child)) continue
    touched = Math.max(touched, Math.max(1, outer?.rows ?? rows) * part.touched)
    tally.join(touched, false)
  }
  return { rows, touched }
}

/** A correlated subquery; one that is hashed runs once, and so does an InitPlan. */
function runsForEachRow(node: Node, child: Node): boolean {
  if (child['Parent Relationship'] !== 'SubPlan') return false
  return !CONDITIONS.some((condition) => node[condition]?.includes(`hashed ${child['Subplan Name']}`))
}

/** A nested loop over an index is a join on a column. */
function hasKey(node: Node): boolean {
  return node['Index Cond'] !== undefined || (node.Plans ?? []).some(hasKey)
}

const isScan = (type: string) => type.endsWith(' Scan') && !NOT_READ.has(type)

/** `parallel_leader_participation`: the leader gives what is left of its time (costsize.c, get_parallel_divisor). */
const processes = (workers: number) => workers + Math.max(0, 1 - 0.3 * workers)

function nameOf(node: Node): string {
  const name = node['Relation Name'] ?? node['Function Name'] ?? node['Node Type']
  return node.Schema === undefined || node.Schema === 'public' ? name : `${node.Schema}.${name}`
}
