import type { Capability } from './capabilities-report.ts'

/** The text with what stands between `<!-- name -->` and `<!-- /name -->` replaced. Throws when the marks are not there. */
export function replaceSection(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [start, end] = [text.indexOf(open), text.indexOf(close)]
  if (start < 0 || end < start) throw new Error(`README.md lacks the marks ${open} and ${close}.`)
  return `${text.slice(0, start + open.length)}\n${content}\n${text.slice(end)}`
}

/** Every file under test that cites an id, found in the sources: a citation in a comment does not count as a title. */
export function citingFiles(id: string, sources: ReadonlyMap<string, string>): string[] {
  const cited = `[${id}]`
  return [...sources].filter(([, text]) => text.includes(cited)).map(([file]) => file)
}

/** The table of what the product does, by area, each line with the test that shows it. */
export function capabilityTable(capabilities: readonly Capability[], sources: ReadonlyMap<string, string>): string {
  const areas = [...new Set(capabilities.map(({ area }) => area))]
  const rows = areas.flatMap((area) =>
    capabilities
      .filter((capability) => capability.area === area)
      .map(({ id, sentence }, i) => {
        const [file] = citingFiles(id, sources)
        return `| ${i === 0 ? `**${area}**` : ''} | ${sentence} | ${file ? `[test](${file})` : ''} |`
      }),
  )
  return ['| | | |', '|-|-|-|', ...rows].join('\n')
}
