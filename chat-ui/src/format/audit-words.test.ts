import type { AuditEntry } from '@plumbline/tools/contract'
import { expect, it } from 'vitest'
import { auditSubject } from './audit-words.ts'

const entry = (told: Partial<AuditEntry>) =>
  ({ question: null, sqlAsked: null, sqlRun: null, error: null, details: {}, ...told }) as AuditEntry

it.each([
  [{ question: 'how many?', sqlAsked: 'SELECT 1' }, 'how many?'],
  [{ sqlAsked: 'SELECT 1\n  FROM t' }, 'SELECT 1 FROM t'],
  [{ error: { code: 'UNAUTHENTICATED', message: 'The link was used.' } }, 'The link was used.'],
  [{ details: { version: 3, hash: 'ab', comment: 'for Ben' } }, 'version 3: “for Ben”'],
  [{ details: { version: 3, hash: 'ab', comment: '' } }, 'version 3'],
  [{ details: { format: 'csv', table: null } }, 'format csv'],
  [{}, ''],
])('says in a line what an entry is about: %o', (told, words) => expect(auditSubject(entry(told))).toBe(words))
