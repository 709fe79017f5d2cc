import { Catalog, type ImpactedItem, ImpactReport } from '@plumbline/tools/contract'
import { AppError } from '@plumbline/tools/errors'
import type { Config } from '../../config.ts'
import { runningServer } from '../ask-door.ts'
import { plainText, type Style, terminalStyle } from '../render/style.ts'

export interface ImpactOptions {
  readonly source?: string
  readonly json?: boolean
}

/** What `flights` or `flights.origin` means in a source. */
export interface ImpactTarget {
  readonly source: string
  readonly table: string
  readonly column: string | null
}

/** Prints what breaks when a table or a column goes. Exit code 0 whether or not something does. */
export async function impactCommand(name: string, { source, json }: ImpactOptions, config: Config): Promise<number> {
  const report = await reportOf(name, source, config)
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : wordsOf(report, terminalStyle()))
  return 0
}

async function reportOf(name: string, source: string | undefined, config: Config): Promise<ImpactReport> {
  const server = await runningServer(config)
  if (server) {
    const target = findTarget(Catalog.parse(await server.call('GET', '/api/catalog')), name, source)
    const query = new URLSearchParams({ source: target.source, table: target.table })
    if (target.column !== null) query.set('column', target.column)
    return ImpactReport.parse(await server.call('GET', `/api/lineage/impact?${query}`))
  }
  const [{ openState }, { createAssistant }, { localPrincipal }, { impactReport }] = await Promise.all([
    import('../../state/index.ts'),
    import('../../assistant/create-assistant.ts'),
    import('../../assistant/local-principal.ts'),
    import('../../assistant/impact-report.ts'),
  ])
  const state = await openState(config)
  try {
    const assistant = await createAssistant(config, state)
    try {
      const target = findTarget(await assistant.catalog(localPrincipal), name, source)
      return await impactReport({ lineage: state.lineage, assistant }, target, { principal: localPrincipal, all: true })
    } finally {
      await assistant.close()
    }
  } finally {
    await state.close()
  }
}

/**
 * A table of that name, else its last part as a column of the table before it; the names as the catalog writes them.
 * @throws NOT_FOUND, and INPUT_INVALID when several sources have it
 */
export function findTarget(catalog: Catalog, name: string, wanted: string | undefined): ImpactTarget {
  const lower = name.toLowerCase()
  const dot = lower.lastIndexOf('.')
  const found = catalog.sources
    .filter((source) => wanted === undefined || source.name === wanted)
    .flatMap((source) =>
      source.tables.flatMap((table): ImpactTarget[] => {
        const own = table.name.toLowerCase()
        const column = table.columns.find((column) => column.name.toLowerCase() === lower.slice(dot + 1))
        if (own === lower) return [{ source: source.name, table: table.name, column: null }]
        if (dot > 0 && own === lower.slice(0, dot) && column)
          return [{ source: source.name, table: table.name, column: column.name }]
        return []
      }),
    )
  const [target, another] = found.sort((a, b) => Number(a.column !== null) - Number(b.column !== null))
  if (!target) throw new AppError('NOT_FOUND', `There is no table or column \`${plainText(name)}\`.`)
  if (another && another.source !== target.source) {
    const sources = found.map((one) => `--source ${one.source}`)
    throw new AppError('INPUT_INVALID', `Several sources have \`${plainText(name)}\`: say ${sources.join(' or ')}.`)
  }
  return target
}

const USES = { feeds: 'its values are in', influences: 'it decides about the rows', reads: 'it is named' } as const

function wordsOf({ table, column, items, truncated }: ImpactReport, style: Style): string {
  const what = style.bold(plainText(column === null ? table : `${table}.${column}`))
  if (items.length === 0) return `Nothing that is saved uses ${what}.\n`
  const lines = items.map((item) => `${line(item, style)}\n`)
  const more = truncated ? style.dim(`There are more than these ${items.length}.\n`) : ''
  return `If ${what} goes, ${items.length === 1 ? 'this breaks' : 'these break'}:\n${lines.join('')}${more}`
}

function line({ kind, title, owner, use, columns, exact, createdAt }: ImpactedItem, style: Style): string {
  const how = columns.length > 0 ? `${USES[use]} ${columns.map(plainText).join(', ')}` : USES[use]
  const facts = [createdAt?.slice(0, 10), owner === null ? null : plainText(owner), exact ? null : 'perhaps']
  const aside = facts.filter((fact) => fact !== null && fact !== undefined).join(', ')
  return `  ${style.dim(kind)}  ${plainText(title).slice(0, 100)}  ${style.dim(`(${how}${aside ? `; ${aside}` : ''})`)}`
}
