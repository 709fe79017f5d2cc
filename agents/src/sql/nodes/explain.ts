import type { GraphNode } from '@langchain/langgraph'
import { chooseChart } from '@plumbline/tools/charts'
import { formatSql } from '@plumbline/tools/sql'
import { runOf } from '../../supervisor/ask-run.ts'
import { MAX_TURNS, type ThreadState } from '../../supervisor/thread-state.ts'
import { describeDraft } from '../describe-draft.ts'
import { knowledgeOf } from '../knowledge-of.ts'
import { explainWithModel } from '../model/index.ts'
import { modelFor } from '../private-access.ts'
import { describeResult } from '../words/describe-result.ts'
import { sentenceCase } from '../words/sentence-case.ts'
import { titleOf } from '../words/title-of.ts'

/** Says the result in words, picks the chart and gathers what the receipt needs. */
export const explain: GraphNode<typeof ThreadState> = async (state, runtime) => {
  const run = runOf(runtime)
  return run.step('explain', { running: 'Putting it in words', done: 'Put it in words' }, async (step) => {
    const { draft } = state
    const { result } = run
    if (!draft || !result) throw new Error('explain comes after run')
    const knowledge = knowledgeOf(run, state)
    const { rows, columns: bare, ...proof } = result
    const described = describeDraft(draft, run.compiled, knowledge.model, bare)
    const { columns, origin, filters } = described
    const title = sentenceCase(titleOf(origin.reading))
    const template = describeResult({ reading: origin.reading, columns, rows, truncated: result.truncated })
    let text = template
    const model = state.byModel ? await modelFor(run, knowledge, state.question, result) : null
    if (model) {
      const worded = await explainWithModel({
        question: state.question,
        reading: origin.reading,
        columns,
        rows,
        fallback: template,
        model,
        budget: run.budget,
        signal: run.signal,
        onTextDelta: (delta) => run.emit({ type: 'text-delta', delta }),
      })
      step.charge(worded.usage, worded.costUsd)
      text = worded.text
    }
    const sql = formatSql(result.sql, knowledge.dialect)
    const turn = {
      question: state.question,
      reading: origin.reading,
      sql,
      plan: draft.kind === 'plan' ? draft.plan : null,
    }
    return {
      turns: [...state.turns, turn].slice(-MAX_TURNS),
      outcome: {
        status: 'answered',
        text,
        sql,
        columns,
        rows,
        chart: chooseChart({ title, columns, rows }),
        source: { name: knowledge.name, title: knowledge.source.title, dialect: knowledge.dialect },
        origin: model ? { ...origin, kind: 'model', model: model.id } : origin,
        filters,
        result: proof,
        suggestions: [],
      },
    }
  })
}
