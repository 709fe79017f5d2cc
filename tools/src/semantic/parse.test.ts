import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors/index.ts'
import { loadSemanticModel, parseSemanticModel } from './index.ts'

const GOOD = `
name: zoo
title: Zoo
entities:
  - name: animals
    title: animals
    key: [id]
    labelDimension: name
    dimensions:
      - { name: id, type: integer, kind: key, label: id }
      - { name: name, type: string, kind: categorical, label: name, searchable: true }
`

function faultOf(yaml: string): AppError {
  try {
    parseSemanticModel(yaml)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('the model was accepted')
}

describe('parseSemanticModel', () => {
  it('fills in what was left out', () => {
    const model = parseSemanticModel(GOOD)
    expect(model).toMatchObject({ zone: 'UTC', joins: [], suggestions: [] })
    expect(model.entities[0]?.dimensions[0]).toMatchObject({ searchable: false, private: false, synonyms: [] })
  })

  it.each([
    ['a wrong kind', GOOD.replace('kind: key', 'kind: colour'), 'entities[0].dimensions[0].kind'],
    [
      'a label that is no dimension',
      GOOD.replace('labelDimension: name', 'labelDimension: nick'),
      'entities[0].labelDimension',
    ],
    [
      'a join to nowhere',
      `${GOOD}joins: [{ name: j, from: animals, to: cages, on: [{ from: id, to: id }], cardinality: many-to-one }]`,
      'joins[0].to',
    ],
    ['a zone that does not exist', `${GOOD}zone: Mars/Base`, 'zone'],
    [
      'an ambiguity without its target',
      `${GOOD}ambiguities: [{ term: t, prompt: p, choices: [{ id: a, label: a, target: animals.age }, { id: b, label: b, target: animals.id }] }]`,
      'ambiguities[0].choices[0].target',
    ],
    [
      'a sum of nothing',
      GOOD.replace('    dimensions:', '    measures: [{ name: m, label: m, aggregate: sum }]\n    dimensions:'),
      'entities[0].measures[0]',
    ],
  ])('names the path of %s', (_, yaml, path) => {
    const error = faultOf(yaml)
    expect(error.code).toBe('SEMANTIC_MODEL_INVALID')
    expect(error.message).toContain(path)
  })

  it('says that a text is not YAML, and that a file can not be read', async () => {
    expect(faultOf('{ a: [').message).toContain('not YAML')
    await expect(loadSemanticModel('/nowhere/model.yaml')).rejects.toMatchObject({ code: 'SEMANTIC_MODEL_INVALID' })
  })

  it('gives a model or the one error, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(faultOf(text).code).toBe('SEMANTIC_MODEL_INVALID')
      }),
    )
  })
})
