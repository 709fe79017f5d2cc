import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadSuite } from './suite.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'suite-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))
const write = (...lines: string[]) => writeFile(join(folder, 'questions.jsonl'), lines.join('\n'))

describe('loadSuite', () => {
  it('reads cases and skips empty lines', async () => {
    await write('{"id":"a","question":"q","gold_sql":"select 1"}', '', '{"id":"b","question":"q","expect":"refused"}')
    expect((await loadSuite(folder)).cases.map((testCase) => testCase.id)).toEqual(['a', 'b'])
  })

  it.each([
    ['a broken line', ['{"id":"a"'], 'Line 1'],
    ['an answerable case without a gold', ['{"id":"a","question":"q"}'], 'needs gold_sql'],
    [
      'an id that is there twice',
      ['{"id":"a","question":"q","expect":"refused"}', '{"id":"a","question":"q","expect":"refused"}'],
      'twice',
    ],
    ['a follow-up of nothing', ['{"id":"a","question":"q","expect":"refused","after":"z"}'], 'not above it'],
  ])('refuses %s', async (_, lines, message) => {
    await write(...lines)
    await expect(loadSuite(folder)).rejects.toThrow(message)
  })

  it('says which file is missing', async () => {
    await expect(loadSuite(folder)).rejects.toMatchObject({ code: 'FILE_INVALID' })
  })
})
