import type { ServerResponse } from 'node:http'

/** Aborts when the client drops the connection before the reply is out. */
export function abortOnClose(response: ServerResponse): (controller: AbortController) => void {
  return (controller) => {
    const stop = () => {
      if (!response.writableFinished) controller.abort()
    }
    if (response.destroyed) stop()
    else response.once('close', stop)
  }
}
