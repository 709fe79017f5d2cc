import { expect, it } from 'vitest'
import { attributeValue } from './attribute-value.ts'

it.each([
  ['EU', 'EU'],
  [' JFK , LGA,', ['JFK', 'LGA']],
  ['12', 12],
  ['1, 2.5', [1, 2.5]],
  ['"12"', '12'],
  ['12345678901234567890', '12345678901234567890'],
  ['', ''],
])('reads the attribute %j as %j', (typed, value) => expect(attributeValue(typed)).toEqual(value))
