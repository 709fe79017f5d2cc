import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeServerFile } from '../src/gateway/local-files.ts'
import { API_TOKEN, runGateway } from '../src/gateway/testing/running-gateway.ts'
import { openState } from '../src/state/index.ts'
import { runPlumbline } from './run-plumbline.ts'

const KEY = 'the-key-of-the-auditors'
let folder: string
let dataDir: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-records-'))
  dataDir = join(folder, 'data')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const plumbline = (...args: string[]) =>
  runPlumbline(args, { cwd: folder, env: { HOME: folder, PLUMBLINE_DATA_DIR: dataDir, PLUMBLINE_AUDIT_KEY: KEY } })

const POLICIES = '# rules\nversion: 1\nroles:\n  - name: analyst\n'

describe.each(['in its own process', 'through the running server'] as const)(
  'plumbline audit and policies, %s',
  (place) => {
    let stop = async () => {}
    beforeAll(async () => {
      if (place === 'in its own process') return
      const state = await openState({ dataDir })
      const gateway = await runGateway(state)
      await writeFile(join(dataDir, 'api-token'), API_TOKEN)
      writeServerFile(dataDir, gateway.url)
      stop = async () => {
        await gateway.close()
        await state.close()
      }
    })
    afterAll(() => stop())

    it('applies a policy file once, and shows it as it was written [policies.versions]', async () => {
      const yaml = `${POLICIES}# ${place}\n`
      await writeFile(join(folder, 'policies.yaml'), yaml)
      const first = await plumbline('policies', 'apply', 'policies.yaml', '--comment', 'because')
      expect([first.err, first.code]).toEqual(['', 0])
      expect(first.out).toMatch(/^Version \d is in force\.\n$/)
      expect((await plumbline('policies', 'apply', 'policies.yaml')).out).toMatch(
        /^These are the rules in force already/,
      )
      const shown = await plumbline('policies', 'show')
      expect(shown.out).toBe(yaml)
      expect(shown.err).toMatch(/^Version \d, by You, .* UTC: because\n$/)
    })

    it('exports, verifies and searches; a changed entry ends with 1 and its number [audit.chain] [audit.export] [audit.search]', async () => {
      const anchored = await plumbline('audit', 'anchor', '--to', 'anchors.jsonl')
      expect([anchored.err, anchored.code]).toEqual(['', 0])
      const whole = await plumbline('audit', 'verify', '--anchors', 'anchors.jsonl')
      expect(whole.out).toMatch(/^The chain is whole: \d+ entr(y|ies)\. Head \d+ [0-9a-f]{64}\n$/)
      expect(whole.code).toBe(0)
      const other = await plumbline('audit', 'verify', '--head', 'ab'.repeat(32), '--json')
      expect([other.code, JSON.parse(other.out)]).toMatchObject([1, { ok: false, fault: { kind: 'truncated' } }])

      const { out: log } = await plumbline('audit', 'export')
      await writeFile(join(folder, 'log.jsonl'), log)
      expect((await plumbline('audit', 'verify', '--file', 'log.jsonl', '--anchors', 'anchors.jsonl')).code).toBe(0)
      await writeFile(join(folder, 'changed.jsonl'), log.replace('because', 'for fun'))
      const changed = await plumbline('audit', 'verify', '--file', 'changed.jsonl')
      expect([changed.code, changed.out]).toEqual([
        1,
        'The audit log is not whole. Entry 1 was changed: its content does not match its hash.\n',
      ])

      const csv = await plumbline('audit', 'export', '--format', 'csv', '--action', 'policy-changed')
      expect(csv.out).toMatch(/^seq,at,[^\n]*\r\n1,"2/)
      const found = await plumbline('audit', 'search', 'becau', '--action', 'policy-changed', '--json')
      expect(JSON.parse(found.out)[0]).toMatchObject({ action: 'policy-changed', details: { comment: 'because' } })
    })
  },
)

describe('plumbline audit and policies', () => {
  it('names each fault of a policy file with its place, and leaves the rules as they are', async () => {
    await writeFile(join(folder, 'broken.yaml'), 'version: 1\nroles:\n  - nam: analyst\n')
    for (const command of ['check', 'apply']) {
      const { code, out } = await plumbline('policies', command, 'broken.yaml')
      expect([code, out]).toEqual([1, expect.stringMatching(/^broken\.yaml:3:5: roles\[0\]\.name: /)])
    }
  })

  it('says in one line what is wrong with an option', async () => {
    const anchors = await readFile(join(folder, 'anchors.jsonl'), 'utf8')
    await writeFile(join(folder, 'forged.jsonl'), anchors.replace('"seq":', '"seq":1'))
    for (const [args, message] of [
      [['search', '--from', 'yesterday'], '--from: expected a day (2026-11-24) or a moment (2026-11-24T09:00:00Z).\n'],
      [['export', '--format', 'xml'], '--format is jsonl or csv.\n'],
      [['verify', '--head', 'abc'], '--head is a hash of 64 hexadecimal digits, or number:hash.\n'],
      [['verify', '--file', 'nowhere.jsonl'], 'nowhere.jsonl can not be read.\n'],
      [['verify', '--anchors', 'forged.jsonl'], 'Line 1 of the anchors was not made with this key.\n'],
    ] as const) {
      expect(await plumbline('audit', ...args)).toEqual({ code: 1, out: '', err: message })
    }
  })
})
