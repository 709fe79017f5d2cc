import { createRequire } from 'node:module'
import type { SqlLineage } from './lineage.ts'

/** What the binding exports; the facade gives it its public shape. */
export interface Binding {
  analyzeSql(sql: string, dialect: string, maxRows?: number): BindingVerdict
  sqlLineage(
    sql: string,
    dialect: string,
    tables: { name: string; path: string[]; columns: string[] }[],
  ): { lineage?: SqlLineage; code?: string; reason?: string; part?: string }
  SqlGate: new (options: Record<string, unknown>) => BindingGate
  convertCsv(
    input: string,
    output: string | undefined,
    options: Record<string, unknown>,
    stop: StopFlag,
    report?: (fraction: number) => void,
  ): Promise<{ rows: number; columns: BindingColumn[]; bytes: number }>
  StopFlag: new () => StopFlag
}

export interface BindingColumn {
  name: string
  type: string
  nullable: boolean
}

export interface StopFlag {
  stop(): void
}

export interface BindingGate {
  check(sql: string, maxRows?: number): BindingGateVerdict
}

/** A value as JavaScript writes it; `kind` is its `typeof`. */
export interface BindingLiteral {
  kind: string
  text: string
}

export interface BindingGateVerdict {
  sql?: string
  asked?: string
  tables: { catalog?: string; schema?: string; name: string; columns: string[] }[]
  columns: string[]
  functions: string[]
  applied: { table: string; filters: string[]; masked: string[] }[]
  lineage?: SqlLineage
  code?: string
  reason?: string
  part?: string
}

export interface BindingVerdict {
  sql?: string
  tables: { catalog?: string; schema?: string; name: string; alias?: string }[]
  columns: string[]
  functions: string[]
  code?: string
  reason?: string
  part?: string
}

function load(): Binding {
  const file = `../plumbline.${process.platform}-${process.arch}.node`
  try {
    return createRequire(import.meta.url)(file) as Binding
  } catch (cause) {
    throw new Error('The Rust engine is not built for this machine: run `node native/scripts/build.mjs`.', { cause })
  }
}

export const binding = load()
