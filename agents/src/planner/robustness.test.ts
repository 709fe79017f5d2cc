import { readdirSync, readFileSync } from 'node:fs'
import { compilePlan } from '@plumbline/tools/plan'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { flights } from './fixtures/flights.ts'
import { type MiniSource, miniSource } from './fixtures/mini-source.ts'
import { planQuestion } from './plan-question.ts'
import { buildValueIndex } from './value-index.ts'

let source: MiniSource
beforeAll(async () => {
  source = await flights()
})

const now = new Date('2026-11-24T00:00:00Z')
const WORDS =
  'how many number of average total flights airline by per month and or not without more than 10 5,000 top worst highest delay departure JFK United in July 2013 2014 share rate vs between from to which what the "x" >= % hours by with each most recent is last'.split(
    ' ',
  )

describe('planQuestion on any text', () => {
  it('never throws on arbitrary text, and plans only what compiles [safety.bad-input]', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 200 }),
          fc.array(fc.constantFrom(...WORDS), { maxLength: 14 }).map((words) => words.join(' ')),
        ),
        (text) => {
          const result = planQuestion(text, source.model, source.values, { now })
          if (result.kind === 'plan')
            expect(compilePlan(result.plan, source.model, 'duckdb').sql).toMatch(/^(SELECT|WITH)/)
          if (result.kind === 'clarify') expect(result.choices.length).toBeGreaterThan(1)
        },
      ),
      { numRuns: 600 },
    )
  })

  it('gives rows for whatever it plans: the SQL runs', async () => {
    const questions = fc.sample(
      fc.array(fc.constantFrom(...WORDS), { minLength: 2, maxLength: 9 }).map((words) => words.join(' ')),
      { numRuns: 400, seed: 7 },
    )
    let planned = 0
    for (const question of questions) {
      const asked = await source.ask(question)
      if (asked.result.kind === 'plan') planned += 1
    }
    expect(planned).toBeGreaterThan(0)
  })

  it('never drops a word: a word of no meaning anywhere in a good question stops it [answer.refuse]', async () => {
    const good = 'number of flights by airline in July'.split(' ')
    for (let at = 0; at <= good.length; at++) {
      const question = [...good.slice(0, at), 'zorbling', ...good.slice(at)].join(' ')
      const { result } = await source.ask(question)
      expect(result.kind, question).toMatch(/unsure|refuse/)
      expect(JSON.stringify(result)).toContain('zorbling')
    }
  })

  it('answers 100 kB of text [safety.bad-input]', () => {
    const result = planQuestion('flights by airline '.repeat(5300), source.model, source.values, { now })
    expect(result.kind).toBe('unsure')
  })
})

describe('hostile data', () => {
  it('keeps a value with quotes and SQL a value', async () => {
    const evil = "Bob'); DROP TABLE people; --"
    const people = await miniSource(
      `CREATE TABLE people (id INTEGER, name VARCHAR); INSERT INTO people VALUES (1, '${evil.replaceAll("'", "''")}'), (2, 'Ann')`,
      { people: { primary: ['id'] } },
    )
    const { rows, compiled } = await people.ask(`how many people are named "${evil}"`)
    expect(rows).toEqual([[1]])
    expect(compiled?.sql).toContain("= 'Bob''); DROP TABLE people; --'")
    expect(await people.run('SELECT count(*) FROM people')).toEqual([[2]])
  })

  it('does not index a private field', async () => {
    const model = structuredClone(source.model)
    const names = model.entities
      .find((entity) => entity.name === 'airlines')
      ?.dimensions.find((one) => one.name === 'name')
    if (names) names.private = true
    const index = buildValueIndex(
      [{ entity: 'airlines', dimension: 'name', values: [{ value: 'Delta Air Lines Inc.', count: 1 }] }],
      model,
    )
    expect(index.lookup('Delta Air Lines Inc.')).toEqual([])
  })
})

describe('the planner itself', () => {
  it('holds no word of the demo data outside its comments [planner.general]', () => {
    const folders = ['.', '../../../tools/src/plan', '../../../tools/src/plan/dialects', '../../../tools/src/semantic']
    for (const folder of folders) {
      const url = new URL(`${folder}/`, import.meta.url)
      const files = readdirSync(url).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      for (const name of files) {
        const code = readFileSync(new URL(name, url), 'utf8').replaceAll(/\/\*(?:.|\n)*?\*\/|\/\/.*$/gm, '')
        expect(code, name).not.toMatch(/flight|airline|airport|\bcarrier|\bjfk\b|delay|weather|tailnum|aircraft/i)
      }
    }
  })
})
