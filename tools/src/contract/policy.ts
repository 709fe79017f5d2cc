import { z } from 'zod'

/** What a role may do beside reading the data that its grants name. */
export const Permission = z.enum([
  'ask',
  'share',
  'approve',
  'policies.read',
  'policies.edit',
  'audit.read',
  'lineage.read',
  'keys.manage',
  'users.manage',
])
export type Permission = z.infer<typeof Permission>

// A key that is misspelt must not open anything: `excpet: [pay]` would grant the column. So no object takes unknown keys.

const Id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens, at most 64')
  .describe('shown in receipts and in the audit log')
const Names = z.array(z.string().min(1).max(300)).min(1)
/** Role names, or `*` for everyone. */
const Roles = z.array(z.string().min(1).max(64)).min(1)
/** Where a rule holds. Table names are as the catalog writes them, in any case; `*` stands for every one. */
const Scope = { source: z.string().min(1).max(100).default('*') }

export const Role = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'small letters, digits, hyphen and underscore'),
  description: z.string().max(500).optional(),
  /** Groups of the identity provider whose members have this role. */
  groups: z.array(z.string().min(1).max(300)).default([]),
  permissions: z.array(Permission).default(['ask']),
})
export type Role = z.infer<typeof Role>

/** Lets roles read tables, whole or by column. What no grant names does not exist for them. */
export const Grant = z.strictObject({
  id: Id,
  roles: Roles,
  ...Scope,
  tables: Names.describe('names, `schema.*`, or `*`'),
  columns: Names.default(['*']),
  /** Columns left out of `columns`. */
  except: z.array(z.string().min(1).max(300)).default([]),
})
export type Grant = z.infer<typeof Grant>

/** Rows for which `filter` is not true do not exist for these roles. All filters that apply to a person must hold. */
export const RowFilter = z.strictObject({
  id: Id,
  description: z.string().max(500).optional(),
  roles: Roles,
  /** People who have one of these roles as well are not filtered. */
  unless: z.array(z.string().min(1).max(64)).default([]),
  ...Scope,
  table: z.string().min(1).max(300),
  /** One SQL condition over the columns of the table; `:principal.region` is the attribute of who asks. */
  filter: z.string().min(1).max(4000),
})
export type RowFilter = z.infer<typeof RowFilter>

export const Mask = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('null') }),
  /** Salted SHA-256 as text: equal values stay equal. */
  z.strictObject({ kind: z.literal('hash') }),
  /** Text of which only the first or last characters are left. */
  z.strictObject({
    kind: z.literal('partial'),
    keepFirst: z.number().int().min(0).max(20).default(0),
    keepLast: z.number().int().min(0).max(20).default(0),
  }),
  /** A number rounded down to a multiple of `size`; a date to the start of `unit`. */
  z.strictObject({
    kind: z.literal('bucket'),
    size: z.number().positive().optional(),
    unit: z.enum(['day', 'week', 'month', 'quarter', 'year']).optional(),
  }),
  z.strictObject({ kind: z.literal('constant'), value: z.union([z.string().max(200), z.number(), z.boolean()]) }),
])
export type Mask = z.infer<typeof Mask>

/** What these roles see in place of the values of a column; every use of the column sees the mask. */
export const MaskRule = z.strictObject({
  id: Id,
  description: z.string().max(500).optional(),
  roles: Roles,
  unless: z.array(z.string().min(1).max(64)).default([]),
  ...Scope,
  table: z.string().min(1).max(300),
  columns: Names,
  mask: Mask,
})
export type MaskRule = z.infer<typeof MaskRule>

/** Columns whose values never reach a language model: it gets tokens in their place. */
export const PrivateColumns = z.strictObject({
  ...Scope,
  table: z.string().min(1).max(300),
  columns: Names,
})
export type PrivateColumns = z.infer<typeof PrivateColumns>

/** What these roles may spend. Of several budgets that apply to a person the widest holds, figure by figure. */
export const BudgetRule = z.strictObject({
  id: Id,
  roles: Roles,
  source: z.string().min(1).max(100).default('*'),
  /** Seconds a query may run. */
  querySeconds: z.number().positive().optional(),
  /** Rows a result may hold. */
  resultRows: z.number().int().positive().optional(),
  /** Bytes a result may hold. */
  resultBytes: z.number().int().positive().optional(),
  /** Rows that the estimate of the system may say a query reads. */
  scanRows: z.number().int().positive().optional(),
  /** Bytes that the estimate of the system may say a query reads. */
  scanBytes: z.number().int().positive().optional(),
  /** Tokens of language models a day (UTC). */
  tokensPerDay: z.number().int().nonnegative().optional(),
  /** Money for language models a day (UTC), in US dollars. */
  usdPerDay: z.number().nonnegative().optional(),
  /** Over a scan budget: `refuse`, or `approve` to ask someone who may grant it. */
  over: z.enum(['refuse', 'approve']).default('refuse'),
})
export type BudgetRule = z.infer<typeof BudgetRule>

/**
 * Who may see and do what: one document, in version control or edited on the page. What it does not grant is denied. The role
 * `owner` needs no rule: it is the person who runs the installation.
 */
export const PolicyDocument = z
  .object({
    version: z.literal(1),
    roles: z.array(Role).default([]),
    grants: z.array(Grant).default([]),
    rowFilters: z.array(RowFilter).default([]),
    masks: z.array(MaskRule).default([]),
    private: z.array(PrivateColumns).default([]),
    budgets: z.array(BudgetRule).default([]),
  })
  .strict()
export type PolicyDocument = z.infer<typeof PolicyDocument>
