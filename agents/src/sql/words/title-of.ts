/**
 * The reading as a title: how the rows are sorted is seen in them, so that it need not be said. The receipt keeps the whole
 * reading.
 */
export function titleOf(reading: string): string {
  return reading.replace(/, ordered by [^,]+, (?:lowest|highest|earliest|latest) first$/, '')
}
