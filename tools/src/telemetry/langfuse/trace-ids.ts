import { createHash } from 'node:crypto'
import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace-base'

/** Ids of traces: one that is derived from an id of ours where there is one, else random. */
export function createTraceIds() {
  const random = new RandomIdGenerator()
  let next: string | undefined
  const generator: IdGenerator = {
    generateSpanId: () => random.generateSpanId(),
    generateTraceId: () => next ?? random.generateTraceId(),
  }
  return {
    generator,
    /** Runs `start`, which starts a root span at once; its trace gets the id that belongs to `id`. */
    startWith<Started>(id: string | undefined, start: () => Started): Started {
      next = id === undefined ? undefined : traceIdOf(id)
      try {
        return start()
      } finally {
        next = undefined
      }
    },
  }
}

/** 16 bytes in hex, derived as the Langfuse SDK's `createTraceId` does. */
export function traceIdOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 32)
}
