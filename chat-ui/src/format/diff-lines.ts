export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
  /** Number of the line before and after, from 1; null where it is not there. */
  readonly before: number | null
  readonly after: number | null
}

/**
 * The shortest way from one text to another, line by line: Eugene W. Myers, "An O(ND) Difference Algorithm and Its Variations"
 * (1986), the greedy form with its trace kept. Time and memory grow with the square of the differences, not of the texts.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = before.split('\n')
  const b = after.split('\n')
  const trace = editTrace(a, b)
  const lines: DiffLine[] = []
  let x = a.length
  let y = b.length
  for (let d = trace.length - 1; d >= 0; d--) {
    const furthest = trace[d] as Map<number, number>
    const k = x - y
    const at = (diagonal: number) => furthest.get(diagonal) ?? -1
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1))
    const fromK = down ? k + 1 : k - 1
    const fromX = d === 0 ? 0 : at(fromK)
    const fromY = d === 0 ? 0 : fromX - fromK
    const startX = d === 0 ? 0 : down ? fromX : fromX + 1
    while (x > startX && y > 0 && x > 0 && a[x - 1] === b[y - 1]) {
      lines.push({ kind: 'same', text: a[x - 1] as string, before: x--, after: y-- })
    }
    if (d === 0) break
    if (down) lines.push({ kind: 'added', text: b[fromY] as string, before: null, after: fromY + 1 })
    else lines.push({ kind: 'removed', text: a[fromX] as string, before: fromX + 1, after: null })
    x = fromX
    y = fromY
  }
  return lines.reverse()
}

/** For each number of edits the furthest point that it reaches, a diagonal. Entry `d` is how it stood before edit `d`. */
function editTrace(a: readonly string[], b: readonly string[]): Map<number, number>[] {
  const furthest = new Map<number, number>([[1, 0]])
  const trace: Map<number, number>[] = []
  for (let d = 0; d <= a.length + b.length; d++) {
    trace.push(new Map(furthest))
    for (let k = -d; k <= d; k += 2) {
      const at = (diagonal: number) => furthest.get(diagonal) ?? -1
      const down = k === -d || (k !== d && at(k - 1) < at(k + 1))
      let x = down ? at(k + 1) : at(k - 1) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      furthest.set(k, x)
      if (x >= a.length && x - k >= b.length) return trace
    }
  }
  return trace
}

export interface DiffGap {
  readonly kind: 'gap'
  readonly count: number
}

/** What changed with `context` lines around it; what lies between is counted. */
export function foldDiff(lines: readonly DiffLine[], context = 3): (DiffLine | DiffGap)[] {
  const near = new Set<number>()
  lines.forEach((line, i) => {
    if (line.kind === 'same') return
    for (let k = i - context; k <= i + context; k++) near.add(k)
  })
  const folded: (DiffLine | DiffGap)[] = []
  let hidden = 0
  lines.forEach((line, i) => {
    if (!near.has(i)) {
      hidden++
      return
    }
    if (hidden > 0) folded.push({ kind: 'gap', count: hidden })
    hidden = 0
    folded.push(line)
  })
  if (hidden > 0) folded.push({ kind: 'gap', count: hidden })
  return folded
}
