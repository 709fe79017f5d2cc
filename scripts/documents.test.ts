import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const PATH = /`((?:agents|chat-ui|docs|evals|infra|mcp-servers|native|scripts|tools)\/[\w./-]*)`/g
/** Names that stand for what the reader chooses. */
const STANDS_FOR = /NNNN|NAME|FOLDER|PACKAGE/

/** `tools/contract` is how the folder is imported. */
const isThere = (path: string) =>
  [path, path.replace(/^tools\//, 'tools/src/')].some((place) => existsSync(`${root}${place}`))

it('names no file in a document that is not there', () => {
  const listed = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  const documents = listed.trim().split('\n').filter(isThere)
  expect(documents).toEqual(expect.arrayContaining(['CONTRIBUTING.md', 'README.md']))
  const named = documents.flatMap((file) =>
    [...readFileSync(`${root}${file}`, 'utf8').matchAll(PATH)].map(([, path = '']) => ({ file, path })),
  )
  expect(named).toContainEqual({ file: 'CONTRIBUTING.md', path: 'agents/src/mcp/registry.ts' })
  expect(named.filter(({ path }) => !STANDS_FOR.test(path) && !isThere(path))).toEqual([])
})
