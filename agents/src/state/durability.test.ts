import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { processIdentity } from '@plumbline/tools/process-lock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDataDir } from './data-dir-lock.ts'
import { openState } from './index.ts'

let dataDir: string
const children: ChildProcess[] = []

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plumbline-durability-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(dataDir, { recursive: true, force: true })
})

/** A second process on the data directory, and the lines that it prints. */
function another(...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'testing/save-answers.ts'), dataDir, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value as string | undefined
  return { child, next, ended: once(child, 'close') }
}

describe('a killed process', () => {
  it('has lost no acknowledged answer [state.durable]', async () => {
    const acknowledged: string[] = []
    for (const count of [3, 40, 12]) {
      const writer = another()
      for (let n = 0; n < count; n++) acknowledged.push((await writer.next()) ?? 'ended too early')
      writer.child.kill('SIGKILL')
      // What it printed between the last line read and its death was acknowledged too.
      for (let line = await writer.next(); line !== undefined; line = await writer.next()) acknowledged.push(line)
      await writer.ended
    }
    const state = await openState({ dataDir })
    const rows = await state.db.selectFrom('answers').select('id').execute()
    await state.close()
    const kept = new Set(rows.map(({ id }) => id))
    expect(acknowledged.length).toBeGreaterThanOrEqual(55)
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
  })

  it('leaves a half-made database aside and starts anew', async () => {
    await mkdir(join(dataDir, 'postgres'))
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '18')
    const state = await openState({ dataDir })
    expect((await state.threads.list('me')).threads).toEqual([])
    await state.close()
    expect((await readdir(dataDir)).filter((name) => name.startsWith('postgres.incomplete-'))).toHaveLength(1)
  })
})

describe('the lock on the data directory', () => {
  it('refuses a second process with one line that says what to do [state.lock]', async () => {
    const holder = another('hold')
    expect(await holder.next()).toBe('open')
    const error = await openState({ dataDir }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'DATA_DIR_LOCKED' })
    expect((error as Error).message).toBe(
      `Another Plumbline (process ${holder.child.pid}) uses ${dataDir}: stop it, or set PLUMBLINE_DATA_DIR to another folder.`,
    )
    // The other way round, and free again once the holder has ended.
    holder.child.stdin?.end()
    await holder.ended
    const state = await openState({ dataDir })
    const second = another('hold')
    expect(JSON.parse((await second.next()) ?? '{}')).toMatchObject({
      code: 'DATA_DIR_LOCKED',
      data: { pid: process.pid },
    })
    await state.close()
    expect(existsSync(join(dataDir, 'lock'))).toBe(false)
  })

  it('is refused to the same process twice', () => {
    const release = lockDataDir(dataDir)
    expect(() => lockDataDir(dataDir)).toThrow(/Another Plumbline/)
    release()
    lockDataDir(dataDir)()
  })

  it('takes over from a dead process, and from a pid that another process has now', async () => {
    const gone = spawn(process.execPath, ['-e', ''])
    const identity = processIdentity(gone.pid ?? 0)
    await once(gone, 'close')
    const stale = [
      { pid: gone.pid, identity },
      { pid: process.pid, identity: `${process.pid}@the run before` },
      'cut off in the mid',
    ]
    for (const content of stale) {
      await writeFile(join(dataDir, 'lock'), JSON.stringify(content))
      const release = lockDataDir(dataDir)
      expect(JSON.parse(await readFile(join(dataDir, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid })
      release()
    }
    expect(await readdir(dataDir)).toEqual([])
  })

  it('goes to exactly one of many that find a stale one', async () => {
    await writeFile(join(dataDir, 'lock'), JSON.stringify({ pid: process.pid, identity: 'the run before' }))
    const rivals = Array.from({ length: 4 }, () => another('hold'))
    const first = await Promise.all(rivals.map((rival) => rival.next()))
    expect(first.filter((line) => line === 'open')).toHaveLength(1)
    expect(first.filter((line) => line?.includes('DATA_DIR_LOCKED'))).toHaveLength(3)
  })
})
