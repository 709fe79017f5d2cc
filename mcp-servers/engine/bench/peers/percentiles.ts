/** Milliseconds that `work` takes. */
export async function measure(work: () => unknown): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** A line of a table: the middle and the 95th of a hundred. */
export function row(title: string, times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (q: number) => sorted[Math.ceil(q * sorted.length) - 1] ?? 0
  return `| ${title} | ${at(0.5).toFixed(2)} ms | ${at(0.95).toFixed(2)} ms |`
}
