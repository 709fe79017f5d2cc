import { createHash } from 'node:crypto'

/**
 * What an approval is for: one query on one source, as hex.
 * @param sql printed from the checked tree, before row filters and masks: those are the asker's of the moment it runs.
 */
export function queryHash(source: string, sql: string, maxRows: number): string {
  return createHash('sha256')
    .update(JSON.stringify([source, sql, maxRows]))
    .digest('hex')
}
