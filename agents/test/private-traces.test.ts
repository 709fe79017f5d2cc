import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OtlpCollector, startOtlpCollector } from '../../tools/src/telemetry/otlp-collector.ts'
import { openTestAssistant, type TestAssistant } from './open-test-assistant.ts'

let folder: string
let collector: OtlpCollector
let test: TestAssistant | undefined
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-traces-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(
    "CREATE TABLE customers AS SELECT * FROM (VALUES ('Anna Müller', 31), ('José Núñez', 40)) AS v(full_name, age)",
  )
  await connection.run(`COPY customers TO '${join(folder, 'customers.parquet')}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
  const policies = join(folder, 'policies.yaml')
  await writeFile(policies, 'version: 1\nprivate:\n  - { table: customers, columns: [full_name] }\n')
  process.env.PLUMBLINE_ENGINE_DATA_DIR = folder
  collector = await startOtlpCollector()
  test = await openTestAssistant({
    LANGFUSE_PUBLIC_KEY: 'pk-lf-test',
    LANGFUSE_SECRET_KEY: 'sk-lf-test',
    LANGFUSE_BASE_URL: collector.url,
    PLUMBLINE_POLICIES_FILE: policies,
  })
})
afterAll(async () => {
  delete process.env.PLUMBLINE_ENGINE_DATA_DIR
  await collector?.close()
  await rm(folder, { recursive: true, force: true })
})

it('a trace holds a token where the question names a private value [private.tokens]', async () => {
  await test?.ask('how many customers with full name anna müller?')
  await test?.ask('how many customers?')
  await test?.[Symbol.asyncDispose]()
  const questions = collector.spans.filter(({ name }) => name === 'ask')
  expect(questions).toHaveLength(2)
  const text = JSON.stringify(collector.spans)
  expect(text).toContain('how many customers with full name ⟦')
  expect(text).toContain('"how many customers?"'.slice(1, -1))
  expect(text.toLowerCase()).not.toMatch(/anna|müller/)
})
