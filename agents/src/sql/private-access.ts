import type { QueryResult } from '@plumbline/tools/contract'
import type { PrivateSession } from '@plumbline/tools/private-values'
import type { SemanticModel } from '@plumbline/tools/semantic'
import type { ChatModel } from '../models/index.ts'
import type { IsPrivate } from '../sources/private-values.ts'
import type { SourceKnowledge } from '../sources/source-knowledge.ts'
import type { AskRun } from '../supervisor/ask-run.ts'

const sessions = new WeakMap<AskRun, Map<string, Promise<PrivateSession | null>>>()

/** The model as it may be asked about this source: it gets no private value. One session a question, so that tokens stay the same. */
export async function modelFor(
  run: AskRun,
  knowledge: SourceKnowledge,
  question: string,
  result: Pick<QueryResult, 'columns' | 'rows' | 'lineage' | 'tables'> | null = null,
): Promise<ChatModel | null> {
  if (!run.model) return null
  const ofRun = sessions.get(run) ?? new Map<string, Promise<PrivateSession | null>>()
  sessions.set(run, ofRun)
  const opening = ofRun.get(knowledge.name) ?? knowledge.privates.session(question)
  ofRun.set(knowledge.name, opening)
  const session = await opening
  if (session && result) learnCells(session, result, knowledge.privates.isPrivate)
  return run.modelWithout(session, knowledge.dialect)
}

/** What stands in columns that a private one feeds, or that are called like one of the tables that were read. */
function learnCells(
  session: PrivateSession,
  { columns, rows, lineage, tables }: Pick<QueryResult, 'columns' | 'rows' | 'lineage' | 'tables'>,
  isPrivate: IsPrivate,
): void {
  columns.forEach(({ name }, i) => {
    const from = lineage[i]?.from ?? []
    const source =
      from.find(({ table, column }) => isPrivate(table, column)) ??
      tables.map(({ name: table }) => ({ table, column: name })).find(({ table }) => isPrivate(table, name))
    if (source)
      session.learn(
        `${source.table}.${source.column}`,
        rows.map((row) => row[i] ?? null),
      )
  })
}

/** The semantic model without the values of private columns: their names stay, so that they can be asked for. */
export function withoutPrivateValues(model: SemanticModel, isPrivate: IsPrivate): SemanticModel {
  return {
    ...model,
    entities: model.entities.map((entity) => ({
      ...entity,
      dimensions: entity.dimensions.map((dimension) =>
        isPrivate(entity.table ?? entity.name, dimension.column ?? dimension.name)
          ? { ...dimension, values: [] }
          : dimension,
      ),
    })),
  }
}
