import type { DryRun, PolicyDocument, Principal } from '@plumbline/tools/contract'
import { toAppError } from '@plumbline/tools/errors'
import { resolveAccess } from '@plumbline/tools/governance'
import { makeAccess } from './access.ts'
import { withoutSalt } from './audited.ts'
import type { Connection } from './connection.ts'
import { appliedIds } from './policy-sentences.ts'

/** What a statement would become for a person under a document that need not be in force. Nothing runs. */
export async function dryRun(
  connection: Connection,
  request: { readonly policies: PolicyDocument | null; readonly principal: Principal; readonly sql: string },
): Promise<DryRun> {
  const { policies, principal, sql } = request
  const tables = await connection.capabilities.warehouse.list()
  const source = resolveAccess(policies, principal, connection.definition.name)
  try {
    const access = await makeAccess(connection, principal, source, tables)
    const query = access.gate.check(sql, connection.limits.maxRows)
    return {
      asked: query.asked,
      governed: withoutSalt(query.sql, access.hashSalt),
      refusal: null,
      tables: query.tables.map((table) => ({ name: table.name, columns: [...table.columns] })),
      applied: query.applied.flatMap(({ table, filters, masked }) => appliedIds(access, table, filters, masked)),
    }
  } catch (error) {
    const { code, message } = toAppError(error)
    return { asked: sql, governed: null, refusal: { code, message }, tables: [], applied: [] }
  }
}
