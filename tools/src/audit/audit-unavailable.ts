import { AppError } from '../errors/index.ts'

/** Nothing is given out without a record. The reason stays in the log: the caller may be anybody. */
export const auditUnavailable = (cause: unknown, what = 'The audit log can not be written, so nothing is given out.') =>
  new AppError('AUDIT_UNAVAILABLE', `${what} The log has the details.`, { cause })
