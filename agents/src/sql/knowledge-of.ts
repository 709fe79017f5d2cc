import { AppError } from '@plumbline/tools/errors'
import type { SourceKnowledge } from '../sources/source-knowledge.ts'
import type { AskRun } from '../supervisor/ask-run.ts'

/** What is known of the source that the supervisor chose. */
export function knowledgeOf(run: AskRun, state: { source: string | null }): SourceKnowledge {
  const knowledge = state.source === null ? undefined : run.sources.get(state.source)
  if (!knowledge)
    throw new AppError('NOT_FOUND', `The source \`${state.source}\` is gone. Ask again, or choose another.`)
  return knowledge
}
