import { AppError, toAppError } from '@plumbline/tools/errors'
import type { FastifyError } from 'fastify'
import fp from 'fastify-plugin'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

/** Every failure leaves as `{ error: { code, message, data? } }` with the status of its code. */
export default fp(
  async (app) => {
    app.setErrorHandler<FastifyError>((thrown, request, reply) => {
      const error = translate(thrown)
      if (error.code === 'INTERNAL') request.log.error({ err: thrown, url: request.routeOptions.url }, 'request failed')
      // Of strangers there may be any number: what they try is counted (`limits`), and sign-ins that fail are in the audit log.
      if (error.code === 'FORBIDDEN' && request.caller) {
        const { principal, key } = request.caller
        request.log.warn({ principal: principal.id, by: key, url: request.routeOptions.url, ip: request.ip }, 'refused')
      }
      // Fastify's own 4xx (413, 415, 431) say more than the status of the code.
      const own =
        thrown.code?.startsWith('FST_') && thrown.statusCode && thrown.statusCode < 500 ? thrown.statusCode : null
      const wait = error.data?.retryAfterSeconds
      if (typeof wait === 'number') reply.header('retry-after', wait)
      return reply.code(own ?? error.info.http).send({ error: error.toJSON() })
    })
  },
  { name: 'errors' },
)

/** The message of an answer to `/api/...` that no route has. */
export const noSuchAddress = (method: string, url: string) =>
  new AppError('NOT_FOUND', `There is no ${method} ${url.split('?')[0]?.slice(0, 200)}; /api/docs lists what there is.`)

function translate(thrown: FastifyError): AppError {
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const faults = thrown.validation.map(({ instancePath, message }) => {
      const field = instancePath.replace(/^\//, '').replaceAll('/', '.')
      return field === '' ? `The ${thrown.validationContext}: ${message}` : `\`${field}\`: ${message}`
    })
    return new AppError('INPUT_INVALID', `${faults.join('; ')}.`, { cause: thrown })
  }
  switch (thrown.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('INPUT_INVALID', 'The request is larger than 1 MB.', { cause: thrown })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError('INPUT_INVALID', 'Send JSON, with `content-type: application/json`.', { cause: thrown })
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new AppError('INPUT_INVALID', 'The body is not valid JSON.', { cause: thrown })
  }
  if (thrown.code?.startsWith('FST_') && thrown.statusCode && thrown.statusCode < 500) {
    return new AppError('INPUT_INVALID', 'The request could not be read.', { cause: thrown })
  }
  return toAppError(thrown)
}
