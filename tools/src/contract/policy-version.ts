import { z } from 'zod'
import { PolicyDocument } from './policy.ts'
import { Principal } from './principal.ts'

/** One saved version of the policy document, without its text. */
export const PolicyVersion = z.object({
  /** 1, 2, 3, …; 0 is the state before anything was saved, and a document from a file. */
  version: z.number().int().nonnegative(),
  /** Who saved it. */
  author: z.object({ id: z.string(), name: z.string() }),
  comment: z.string(),
  createdAt: z.iso.datetime(),
  /** SHA-256 of the text, in hex. */
  hash: z.string(),
  /** The version whose text this one brought back. */
  restored: z.number().int().positive().nullable(),
})
export type PolicyVersion = z.infer<typeof PolicyVersion>

/** GET /api/policies/:version */
export const PolicyText = PolicyVersion.extend({
  /** As it was written, with its comments. */
  yaml: z.string(),
  document: PolicyDocument,
})
export type PolicyText = z.infer<typeof PolicyText>

/** GET /api/policies */
export const Policies = z.object({
  /** Null until something is saved: then only `owner` sees data. */
  current: PolicyText.nullable(),
  /** Newest first. */
  versions: z.array(PolicyVersion),
  /**
   * Where the rules are kept. A `file` is under version control: it can be read here and not changed. `fault` says what is wrong with
   * it now; the rules that were read before stay in force.
   */
  origin: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('store') }),
    z.object({ kind: z.literal('file'), name: z.string(), fault: z.string().nullable() }),
  ]),
  /** Whether this principal may save a version here. */
  editable: z.boolean(),
})
export type Policies = z.infer<typeof Policies>

/** The longest policy document, in characters. */
export const POLICY_MAX_CHARS = 500_000
const Yaml = z.string().min(1).max(POLICY_MAX_CHARS)

/** PUT /api/policies. `expectedVersion` is the version that was edited: CONFLICT when it is not the newest any more. */
export const PolicySave = z.object({
  yaml: Yaml,
  comment: z.string().trim().max(500).default(''),
  expectedVersion: z.number().int().nonnegative(),
})
export type PolicySave = z.infer<typeof PolicySave>

/** POST /api/policies/restore: saves the text of an older version as the newest one. */
export const PolicyRestore = z.object({
  version: z.number().int().positive(),
  expectedVersion: z.number().int().nonnegative(),
})
export type PolicyRestore = z.infer<typeof PolicyRestore>

/** Where a document is wrong. `line` and `column` count from 1 and are null when the fault has no place. */
export const PolicyFault = z.object({
  message: z.string(),
  /** Path within the document, such as `grants.0.tables`. */
  path: z.string(),
  line: z.number().int().positive().nullable(),
  column: z.number().int().positive().nullable(),
})
export type PolicyFault = z.infer<typeof PolicyFault>

/** POST /api/policies/check */
export const PolicyCheckRequest = z.object({ yaml: Yaml })
export const PolicyCheck = z.object({
  ok: z.boolean(),
  faults: z.array(PolicyFault),
  /** The document as read, where it has no fault: a page shows it in words. */
  document: PolicyDocument.optional(),
})
export type PolicyCheck = z.infer<typeof PolicyCheck>

/** POST /api/policies/dry-run: "as Ana, this query becomes …". Without `yaml` the rules in force are asked. Nothing runs. */
export const DryRunRequest = z.object({
  yaml: Yaml.optional(),
  principal: Principal.partial({ name: true }),
  source: z.string().min(1).max(100),
  sql: z.string().min(1).max(100_000),
})
export type DryRunRequest = z.infer<typeof DryRunRequest>

export const DryRun = z.object({
  asked: z.string(),
  /** What would run, with row filters and masks; null when it is refused. */
  governed: z.string().nullable(),
  refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  /** Ids of the rules that were applied. */
  applied: z.array(z.string()),
})
export type DryRun = z.infer<typeof DryRun>
