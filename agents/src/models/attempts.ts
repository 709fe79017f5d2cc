import { AppError } from '@plumbline/tools/errors'
import { estimateInput } from './estimate-tokens.ts'
import type { CompleteOptions, Usage } from './port.ts'
import { costOf, type Price } from './prices.ts'
import { isRetryable, type RetryClock, type RetryPolicy, retry } from './retry.ts'
import { addUsage, NO_USAGE } from './usage.ts'
import type { Wire, WireReply, WireRequest } from './wire.ts'

export interface AttemptSettings {
  readonly policy: RetryPolicy
  readonly clock: RetryClock
  /** Milliseconds until an answer must have begun, and between two signs of life after that. */
  readonly firstByteMs: number
  readonly idleMs: number
}

export interface Attempts {
  readonly reply: WireReply
  /** Of the failed attempts too, as far as the vendor reported it. */
  readonly usage: Usage
  readonly costUsd: number
  readonly count: number
}

interface Call {
  readonly wire: Wire
  readonly settings: AttemptSettings
  readonly options: CompleteOptions
  readonly price: Price | undefined
  /** On the clock of `settings`. */
  readonly deadline: number
}

/**
 * Sends one request until it is answered, within the retry policy and the budget. `prefix` is text that the caller has
 * already handed out and that a restart of the stream must hand out again.
 */
export async function runAttempts(call: Call, request: WireRequest, prefix: string): Promise<Attempts> {
  const { wire, settings, options, price } = call
  const stream = textStream(options, request, prefix)
  const policy = { ...settings.policy, deadlineMs: call.deadline - settings.clock.now() }
  const need = worstCase(request, price)
  let usage = NO_USAGE
  let costUsd = 0
  let count = 0

  const reply = await retry(policy, settings.clock, options.signal, async (attempt, leftMs) => {
    count = attempt
    const reservation = await options.budget?.reserve(need)
    let used = NO_USAGE
    stream.begin()
    try {
      return await wire.send(request, {
        signal: options.signal,
        firstByteMs: Math.min(settings.firstByteMs, leftMs),
        idleMs: settings.idleMs,
        leftMs,
        onText: stream.push,
        onUsage: (known) => {
          used = known
        },
      })
    } catch (error) {
      throw stream.mayRestart || !isRetryable(error) ? error : brokenOff(error)
    } finally {
      const cost = costOf(price, used)
      await reservation?.settle(used, cost)
      usage = addUsage(usage, used)
      costUsd += cost
    }
  })
  return { reply, usage, costUsd, count }
}

/** The most a request may use: all of its input uncached, and all the tokens it may write. */
function worstCase(request: WireRequest, price: Price | undefined): { tokens: number; usd: number } {
  const input = estimateInput(request)
  const output = { ...NO_USAGE, outputTokens: request.maxTokens }
  const cached = request.system.some((block) => block.cache)
  return {
    tokens: input + request.maxTokens,
    usd: Math.max(
      costOf(price, { ...output, inputTokens: input }),
      cached ? costOf(price, { ...output, cacheWriteTokens: input }) : 0,
    ),
  }
}

/** Hands deltas on, and knows whether an attempt may start over. */
function textStream(options: CompleteOptions, request: WireRequest, prefix: string) {
  const { onTextDelta, onTextRestart } = options
  // The text of a structured answer is JSON, which is no use to a reader before it is whole.
  const listener = request.output ? undefined : onTextDelta
  let dirty = false
  return {
    /** False once a reader has text that can not be taken back. */
    get mayRestart() {
      return !dirty || onTextRestart !== undefined
    },
    begin() {
      if (!dirty) return
      dirty = false
      onTextRestart?.()
      if (prefix) listener?.(prefix)
    },
    push(delta: string) {
      if (!listener || delta === '') return
      dirty = true
      listener(delta)
    },
  }
}

function brokenOff(error: AppError): AppError {
  return new AppError(
    error.code,
    `${error.message} Part of it was shown already, so it was not asked again by itself.`,
    {
      cause: error.cause ?? error,
      data: { ...error.data, retry: false },
    },
  )
}
