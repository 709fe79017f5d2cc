import type { SqlDialect } from '@plumbline/native'
import { analyzeSql } from '@plumbline/native'
import { expect } from 'vitest'
import { CORPUS } from './index.ts'

/** Names of the result's columns, and its rows as text. */
export interface Result {
  readonly names: readonly string[]
  readonly rows: readonly string[]
}

/** The legitimate statements of a dialect that the guard allows, each with what it prints, for `it.each`. */
export function printedCorpus(dialect: SqlDialect): (readonly [shown: string, asked: string, printed: string])[] {
  return CORPUS[dialect].legitimate.flatMap((asked) => {
    const verdict = analyzeSql(asked, dialect)
    return verdict.allowed ? [[JSON.stringify(asked).slice(0, 90), asked, verdict.sql] as const] : []
  })
}

/** Fails unless both bring the same; rows count in their order where the statement gives one. */
export function expectSame(asked: string, written: Result, printed: Result): void {
  const isOrdered = /order by/i.test(asked)
  const inOrder = ({ rows }: Result) => (isOrdered ? rows : [...rows].sort())
  expect(inOrder(printed)).toEqual(inOrder(written))
  expect(printed.names.map(asAliased)).toEqual(written.names.map(asAliased))
}

/** A column without an alias is named by its text, which the print may write with other spaces and capitals. */
const asAliased = (name: string) => name.toLowerCase().replaceAll(/\s+/g, '')
