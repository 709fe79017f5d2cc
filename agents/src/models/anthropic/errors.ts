import Anthropic from '@anthropic-ai/sdk'
import { AppError } from '@plumbline/tools/errors'
import { type FailureKind, kindOfStatus, type VendorNames, vendorFailure } from '../vendor-failure.ts'

/** `error.type` of the body; in a stream that has begun there is no status to go by. */
const KIND_OF_TYPE: Readonly<Record<string, FailureKind>> = {
  authentication_error: 'key',
  permission_error: 'forbidden',
  billing_error: 'credit',
  not_found_error: 'model',
  rate_limit_error: 'rate-limited',
  overloaded_error: 'overloaded',
  timeout_error: 'server',
  api_error: 'server',
  invalid_request_error: 'request',
  request_too_large: 'request',
}

/** Whatever the SDK throws, as an AppError. */
export function translateAnthropicError(error: unknown, names: VendorNames, signal?: AbortSignal): AppError {
  if (error instanceof AppError) return error
  if (signal?.aborted) return new AppError('QUERY_CANCELLED', 'Stopped.')
  if (error instanceof Anthropic.APIConnectionTimeoutError) return vendorFailure('no-answer', names, { cause: error })
  if (error instanceof Anthropic.APIConnectionError) return vendorFailure('unreachable', names, { cause: error })
  if (error instanceof Anthropic.APIError) {
    const { status, headers, requestID, apiMessage, type } = error
    const kind = (type && KIND_OF_TYPE[type]) || (status === undefined ? 'server' : kindOfStatus(status))
    return vendorFailure(isCredit(apiMessage) ? 'credit' : kind, names, {
      status,
      headers,
      requestId: requestID,
      detail: apiMessage ?? undefined,
      cause: error,
    })
  }
  // A JSON event that ends in the middle: the connection was closed cleanly, and too early.
  if (error instanceof SyntaxError) return vendorFailure('cut', names, { cause: new Error('an event was cut short') })
  return vendorFailure('server', names, { cause: error })
}

/** An account without credit is refused with 400 invalid_request_error. */
function isCredit(message: string | null): boolean {
  return message !== null && /credit balance is too low/i.test(message)
}

/** True when the API does not take the JSON schema (recursive, too large) or the model has no structured output. */
export function isSchemaRefusal(error: unknown): boolean {
  if (!(error instanceof Anthropic.BadRequestError)) return false
  return /output_config|output_format|structured output|schema|grammar/i.test(error.apiMessage ?? '')
}
