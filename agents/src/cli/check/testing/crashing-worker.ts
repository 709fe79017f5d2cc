import { parentPort } from 'node:worker_threads'

// A worker of the pool that dies over some lines and never answers others.
parentPort?.on('message', (lines: readonly string[]) => {
  if (lines.includes('crash')) process.exit(3)
  if (lines.includes('throw')) throw new Error('thrown in the worker')
  while (lines.includes('hang')) {
    // For as long as it is left alive.
  }
  parentPort?.postMessage(lines.map((line) => ({ allowed: true, text: line.toUpperCase() })))
})
parentPort?.postMessage('ready')
