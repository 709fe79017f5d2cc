import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { stopWith } from './stop-with.mjs'

/** Fails early when the port is taken: a first build takes minutes. */
export async function checkPort(port, host, dataDir) {
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    stopWith('PLUMBLINE_PORT is not a port: set it to a whole number from 0 to 65535.')
  }
  const error = await new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen(port, host, () => probe.close(() => resolve(null)))
  })
  if (error?.code === 'EADDRINUSE') {
    const url = await ownServer(dataDir, port)
    if (url) stopWith(`Plumbline already runs at ${url}: npx plumbline link prints a link to it.`)
    const other = port < 65535 ? port + 1 : 3000
    stopWith(`Port ${port} is taken by another program: stop it, or start with PLUMBLINE_PORT=${other} npm start`)
  }
  if (error)
    stopWith(`Plumbline can not listen on ${host}:${port} (${error.code}): set PLUMBLINE_HOST and PLUMBLINE_PORT.`)
}

/** The address of the server that uses this data directory, when it is the one at this port and answers. */
async function ownServer(dataDir, port) {
  try {
    const { url } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8'))
    if (Number(new URL(url).port) !== port) return null
    await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(1000) })
    return url
  } catch {
    return null
  }
}
