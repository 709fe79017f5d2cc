import { AppError } from '@plumbline/tools/errors'
import OpenAI from 'openai'
import { type FailureKind, kindOfStatus, type VendorNames, vendorFailure } from '../vendor-failure.ts'

/** Whatever the SDK throws, as an AppError. */
export function translateOpenAiError(error: unknown, names: VendorNames, signal?: AbortSignal): AppError {
  if (error instanceof AppError) return error
  if (signal?.aborted) return new AppError('QUERY_CANCELLED', 'Stopped.')
  if (error instanceof OpenAI.APIConnectionTimeoutError) return vendorFailure('no-answer', names, { cause: error })
  if (error instanceof OpenAI.APIConnectionError) return vendorFailure('unreachable', names, { cause: error })
  if (error instanceof OpenAI.APIError) {
    const { status, headers, requestID } = error
    return vendorFailure(kindOf(error), names, {
      status,
      headers,
      requestId: requestID,
      detail: messageOf(error),
      cause: error,
    })
  }
  // A JSON event that ends in the middle: the connection was closed cleanly, and too early.
  if (error instanceof SyntaxError) return vendorFailure('cut', names, { cause: error })
  return vendorFailure('server', names, { cause: error })
}

function kindOf(error: InstanceType<typeof OpenAI.APIError>): FailureKind {
  const code = `${error.code ?? ''} ${error.type ?? ''}`
  // An account without credit is refused with 429, and no pause helps.
  if (/insufficient_quota|billing/.test(code)) return 'credit'
  if (/model_not_found/.test(code)) return 'model'
  if (error.status !== undefined) return kindOfStatus(error.status)
  // In a stream that has begun there is no status to go by.
  if (/rate_limit/.test(code)) return 'rate-limited'
  if (/overloaded/.test(code)) return 'overloaded'
  return 'server'
}

/** The vendor's words without the SDK's status in front. Compatible servers put them in several places. */
function messageOf(error: InstanceType<typeof OpenAI.APIError>): string {
  const body: unknown = error.error
  if (typeof body === 'object' && body !== null) {
    for (const key of ['message', 'detail', 'error']) {
      const text = (body as Record<string, unknown>)[key]
      if (typeof text === 'string' && text !== '') return text
    }
  }
  return error.message
}

/** True for an answer that a server gives to a parameter it does not know. */
export function isParameterRefusal(error: unknown): error is InstanceType<typeof OpenAI.APIError> {
  return error instanceof OpenAI.APIError && [400, 404, 422, 501].includes(error.status ?? 0) && !isSubject(error)
}

/** True when the refusal names what was asked, and no other parameter would help. */
function isSubject(error: InstanceType<typeof OpenAI.APIError>): boolean {
  return /model_not_found|context_length|content_policy|content_filter/.test(error.code ?? '')
}

/** True when the refusal names the parameter. */
export function refuses(error: unknown, parameter: string): boolean {
  return isParameterRefusal(error) && (error.param === parameter || messageOf(error).includes(parameter))
}
