import { z } from 'zod'

/*
 * Schemas over the text of an environment variable. Each error completes the sentence "PLUMBLINE_X `value` is not valid:
 * it …", because the reader sees exactly that.
 */

/** A text. Without a default it is optional. */
export function envText(options: { pattern?: RegExp; expects?: string } = {}) {
  const error = `expects ${options.expects ?? 'a text'}`
  const text = z.string({ error })
  return options.pattern ? text.regex(options.pattern, { error }) : text
}

/** A whole number within bounds, both included. */
export function envInteger(min: number, max: number) {
  const error = `expects a whole number from ${min} to ${max}`
  return z
    .string({ error })
    .regex(/^-?\d{1,15}$/, { error })
    .transform(Number)
    .pipe(z.number().min(min, { error }).max(max, { error }))
}

/** A number within bounds, both included. */
export function envNumber(min: number, max: number) {
  const error = `expects a number from ${min} to ${max}`
  return z
    .string({ error })
    .regex(/^-?\d{1,15}(\.\d{1,15})?$/, { error })
    .transform(Number)
    .pipe(z.number().min(min, { error }).max(max, { error }))
}

/** `true`/`false`, also written 1/0, yes/no, on/off. */
export function envFlag() {
  const error = 'expects true or false'
  return z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'], error })
}

/** A list separated by commas. `pattern` holds for each part. */
export function envList(options: { pattern?: RegExp; expects?: string } = {}) {
  const error = `expects ${options.expects ?? 'a list separated by commas'}`
  const { pattern } = options
  return z
    .string({ error })
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine((parts) => pattern === undefined || parts.every((part) => pattern.test(part)), { error })
}
