import fc from 'fast-check'

/** Choices that fast-check makes, repeats from a seed and shrinks. */
export interface Chance {
  /** A whole number from 0 to `max`. */
  upTo(max: number): number
  oneOf<T>(options: readonly T[]): T
  /** True in `percent` of a hundred cases. */
  in100(percent: number): boolean
  /** `count` different ones of the options, in their order; all when there are fewer. */
  some<T>(options: readonly T[], count: number): T[]
}

export function chanceOf(g: fc.GeneratorValue): Chance {
  const upTo = (max: number) => g(fc.nat, { max })
  return {
    upTo,
    oneOf<T>(options: readonly T[]) {
      const chosen = options[upTo(options.length - 1)]
      if (chosen === undefined) throw new Error('There is nothing to choose from.')
      return chosen
    },
    // What shrinks to zero is the simple case.
    in100: (percent) => upTo(99) >= 100 - percent,
    some<T>(options: readonly T[], count: number) {
      const left = [...options]
      while (left.length > count) left.splice(upTo(left.length - 1), 1)
      return left
    },
  }
}
