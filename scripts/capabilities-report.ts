/** One promise of docs/capabilities.json. */
export interface Capability {
  readonly id: string
  readonly area: string
  readonly sentence: string
}

export interface TestResult {
  /** Titles of the test and of what it stands in, joined. */
  readonly fullName: string
  readonly status: string
  readonly file: string
}

export interface CapabilityReport {
  /** Files whose passing tests show a capability, by its id. */
  readonly shownBy: ReadonlyMap<string, readonly string[]>
  readonly problems: readonly string[]
}

/** Wider than the ids there are, so that a misspelled one is found. */
const CITATION = /\[([a-z][\w-]*\.[a-z][\w-]*)\]/gi

/** Which passing tests show which promise. A promise that none shows is a problem, and so is a citation of no promise. */
export function reportCapabilities(
  capabilities: readonly Capability[],
  tests: readonly TestResult[],
): CapabilityReport {
  const known = new Set(capabilities.map(({ id }) => id))
  const shownBy = new Map<string, Set<string>>()
  const problems: string[] = []
  for (const { fullName, status, file } of tests) {
    for (const [, id = ''] of fullName.matchAll(CITATION)) {
      if (!known.has(id)) problems.push(`${file} cites [${id}], which docs/capabilities.json does not have.`)
      else if (status === 'passed') shownBy.set(id, (shownBy.get(id) ?? new Set()).add(file))
    }
  }
  for (const { id, sentence } of capabilities) {
    if (!shownBy.has(id)) problems.push(`No passing test shows [${id}]: “${sentence}”`)
  }
  return {
    shownBy: new Map([...shownBy].map(([id, files]) => [id, [...files].sort()])),
    problems: [...new Set(problems)],
  }
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** The tests of a report that Vitest's JSON reporter wrote; files relative to the checkout. */
export function testsOf(report: VitestReport, root: string): TestResult[] {
  return report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({ fullName, status, file: name.replace(`${root}/`, '') })),
  )
}
