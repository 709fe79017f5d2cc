import { describe, expect, it } from 'vitest'
import { inferSemanticModel, parseSemanticModel, splitName } from './index.ts'

const integer = (name: string) => ({ name, type: 'integer' as const })
const text = (name: string) => ({ name, type: 'string' as const })

describe('inferSemanticModel', () => {
  it('drafts a model that passes its own check [planner.general]', () => {
    const model = inferSemanticModel([
      {
        name: 'Song',
        columns: [integer('Song_ID'), text('Title'), integer('Sales'), { name: 'releaseDate', type: 'date' }],
      },
    ])
    expect(parseSemanticModel(JSON.stringify(model))).toEqual(model)
    expect(model.entities[0]).toMatchObject({ key: ['Song_ID'], labelDimension: 'Title', timeDimension: 'releaseDate' })
    expect(model.entities[0]?.dimensions.map((one) => [one.label, one.kind])).toEqual([
      ['song id', 'key'],
      ['title', 'categorical'],
      ['sales', 'numeric'],
      ['release date', 'time'],
    ])
  })

  it('takes declared keys as joins and tells two to one table apart by their column', () => {
    const model = inferSemanticModel([
      { name: 'team', columns: [integer('id'), text('name')], keys: { primary: ['id'] } },
      {
        name: 'game',
        columns: [integer('id'), integer('home_team_id'), integer('away_team_id')],
        keys: {
          primary: ['id'],
          foreign: [
            { column: 'home_team_id', table: 'team', references: 'id' },
            { column: 'away_team_id', table: 'team', references: 'id' },
          ],
        },
      },
    ])
    expect(model.joins.map((join) => [join.role, join.cardinality])).toEqual([
      ['home team', 'many-to-one'],
      ['away team', 'many-to-one'],
    ])
  })

  it('guesses joins from names when no key is declared', () => {
    const model = inferSemanticModel([
      { name: 'authors', columns: [integer('id'), text('name')] },
      { name: 'books', columns: [integer('id'), text('title'), integer('author_id')] },
    ])
    expect(model.joins).toMatchObject([{ from: 'books', to: 'authors', on: [{ from: 'author_id', to: 'id' }] }])
  })
})

describe('splitName', () => {
  it.each([
    ['dateOfBirth', 'date of birth'],
    ['DATE_OF_BIRTH', 'date of birth'],
    ['HTTPStatus', 'http status'],
    ['price_2', 'price 2'],
  ])('%s', (name, words) => expect(splitName(name)).toBe(words))
})
