/**
 * A real MariaDB on a free loopback port, which speaks MySQL's dialect; without Docker and without root: the server is the one
 * on the machine, or else Debian's packages, unpacked into the cache and not installed.
 *
 *   node infra/services/mariadb.mjs           starts one, prints how to reach it, stops it on Ctrl-C
 *   import { start, stop } from '…'           for tests
 *
 * Queries go through MariaDB's own client, so no driver is needed.
 */
import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { cachedFolder } from './cached-folder.mjs'
import { freePort } from './free-port.mjs'

const run = promisify(execFile)

const PACKAGES = ['mariadb-server-core', 'mariadb-client-core', 'libmariadb3', 'libaio1', 'liburing2']

const asRoot = process.getuid?.() === 0

/**
 * Starts a server with an empty database `test`. Throws an Error that says what is missing.
 * @returns {Promise<{ port: number, query: (sql: string) => Promise<string>, stop: () => Promise<void> }>} `query` runs
 *   statements and gives what the client prints: a line of names, then a line a row, columns between tabs.
 */
export async function start() {
  const { bin, share, env } = await installation()
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-mariadb-'))
  const data = join(folder, 'data')
  const socket = join(folder, 'socket')
  const user = asRoot ? ['--user=root'] : []
  // No file of the machine's own settings is read.
  const common = ['--no-defaults', `--datadir=${data}`, `--lc-messages-dir=${share}`, ...user]
  try {
    await mkdir(data)
    await run(
      bin['mariadb-install-db'],
      [
        ...common,
        `--basedir=${join(share, '..', '..')}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--skip-name-resolve',
      ],
      { env, cwd: folder },
    )
    const password = randomUUID()
    const init = join(folder, 'init.sql')
    await writeFile(init, `CREATE DATABASE test;\nALTER USER root@localhost IDENTIFIED BY '${password}';\n`, {
      mode: 0o600,
    })
    const port = await freePort()
    const server = spawn(
      bin.mariadbd,
      [
        ...common,
        `--port=${port}`,
        `--socket=${socket}`,
        `--pid-file=${join(folder, 'pid')}`,
        `--init-file=${init}`,
        ...[
          '--bind-address=127.0.0.1',
          '--skip-name-resolve',
          '--innodb-buffer-pool-size=32M',
          '--innodb-flush-log-at-trx-commit=0',
        ],
        ...['--character-set-server=utf8mb4', `--secure-file-priv=${folder}`, '--default-time-zone=+00:00'],
      ],
      { env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    const end = () => server.kill('SIGKILL')
    process.once('exit', end)
    const ended = new Promise((resolve) => server.once('exit', resolve))
    await ready(server)
    const query = (sql) =>
      ask(bin.mariadb, ['--no-defaults', `--socket=${socket}`, '-uroot'], { ...env, MYSQL_PWD: password }, sql)
    let stopping
    const stop = () => {
      stopping ??= (async () => {
        process.off('exit', end)
        server.kill('SIGTERM')
        await ended
        await rm(folder, { recursive: true, force: true })
      })()
      return stopping
    }
    return { port, query, stop }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** Stops a server that `start` gave. */
export const stop = (service) => service.stop()

function ask(client, how, env, sql) {
  return new Promise((resolve, reject) => {
    const asked = spawn(client, [...how, '--batch', '--default-character-set=utf8mb4', 'test'], { env })
    let [printed, error] = ['', '']
    asked.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text
    })
    asked.stderr.setEncoding('utf8').on('data', (text) => {
      error += text
    })
    asked.once('error', reject)
    asked.once('close', (code) => (code === 0 ? resolve(printed) : reject(new Error(error.trim()))))
    asked.stdin.end(sql)
  })
}

/** Resolves when the server says that it takes connections; an open port alone is not readiness. */
function ready(server) {
  return new Promise((resolve, reject) => {
    let log = ''
    server.stderr.setEncoding('utf8')
    server.stderr.on('data', (text) => {
      if (log === null) return
      log += text
      if (/ready for connections/.test(log)) {
        log = null
        resolve()
      }
    })
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`MariaDB ended at once (exit code ${code}):\n${log ?? ''}`)))
  })
}

/** Where the programs and the messages are: the machine's, or Debian's packages in the cache. */
async function installation() {
  const names = ['mariadbd', 'mariadb', 'mariadb-install-db']
  const path = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin']
  const own = await Promise.all(names.map((name) => firstThatIsThere(path.map((folder) => join(folder, name)))))
  if (own.every(Boolean)) {
    return {
      bin: Object.fromEntries(names.map((name, i) => [name, own[i]])),
      share: '/usr/share/mysql',
      env: { PATH: process.env.PATH },
    }
  }
  const root = await packages()
  const libraries = (await readdir(join(root, 'usr', 'lib'))).find((name) => name.endsWith('-linux-gnu')) ?? ''
  return {
    bin: {
      mariadbd: join(root, 'usr/sbin/mariadbd'),
      mariadb: join(root, 'usr/bin/mariadb'),
      'mariadb-install-db': join(root, 'usr/bin/mariadb-install-db'),
    },
    share: join(root, 'usr/share/mysql'),
    env: {
      PATH: process.env.PATH,
      LD_LIBRARY_PATH: [join(root, 'usr/lib', libraries), join(root, 'lib', libraries)].join(':'),
    },
  }
}

async function firstThatIsThere(paths) {
  for (const path of paths) {
    const there = await access(path).then(
      () => true,
      () => false,
    )
    if (there) return path
  }
  return undefined
}

/** Debian's packages, unpacked once. */
const packages = () =>
  cachedFolder('mariadb-debian', async (folder) => {
    await run('apt-get', ['download', ...PACKAGES], { cwd: folder }).catch((cause) => {
      throw new Error('MariaDB is not on this machine: install it (apt-get install mariadb-server).', { cause })
    })
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg-deb', ['-x', file, '.'], { cwd: folder })
      await rm(join(folder, file))
    }
  })

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const service = await start()
  console.log(`127.0.0.1:${service.port}`)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => service.stop())
}
