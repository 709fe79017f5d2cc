import { createServer } from 'node:net'
import { stopWith } from './stop-with.mjs'

/** Fails early when the port is taken: a first build takes minutes. */
export async function checkPort(port, host) {
  const error = await new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen(port, host, () => probe.close(() => resolve(null)))
  })
  if (error?.code === 'EADDRINUSE') {
    stopWith(`Port ${port} is taken by another program: stop it, or start with PLUMBLINE_PORT=${port + 1} npm start`)
  }
  if (error)
    stopWith(`Plumbline can not listen on ${host}:${port} (${error.code}): set PLUMBLINE_HOST and PLUMBLINE_PORT.`)
}
