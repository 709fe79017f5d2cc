import type { Cell } from '@plumbline/tools/contract'
import { beforeAll, describe, expect, it } from 'vitest'
import type { MiniSource } from './fixtures/mini-source.ts'
import { school } from './fixtures/school.ts'
import { shop } from './fixtures/shop.ts'

let sources: { shop: MiniSource; school: MiniSource }
beforeAll(async () => {
  sources = { shop: await shop(), school: await school() }
})

type Case = [question: string, rows: Cell[][]]

const SHOP: Case[] = [
  ['how many customers are there?', [[5]]],
  ['how many customers live in Oslo?', [[2]]],
  ['How many orders did Ada place?', [[3]]],
  ['how many different cities are there', [[4]]],
  ['customers without orders', [['Eve']]],
  ['customers who have no orders', [['Eve']]],
  ['customers who did not buy Pen', [['Ben'], ['Dan'], ['Eve']]],
  ['customers not in Norway', [['Cleo'], ['Dan'], ['Eve']]],
  ['customers without orders in 2024', [['Ada'], ['Ben'], ['Eve']]],
  ['customers with more than 2 orders', [['Ada', 3]]],
  [
    'which countries have more than 1 customer',
    [
      ['Norway', 2],
      ['France', 2],
    ],
  ],
  ['products more expensive than the average', [['Chair'], ['Desk']]],
  ['products cheaper than 20', [['Pen'], ['Ball']]],
  ['find the customers whose age is between 30 and 50', [['Ada'], ['Ben'], ['Eve']]],
  [
    'average price by category',
    [
      ['Office', 151.25],
      ['Home', 80],
      ['Sport', 15],
    ],
  ],
  [
    'total quantity per category',
    [
      ['Office', 113],
      ['Home', 6],
      ['Sport', 4],
    ],
  ],
  ['what is the maximum price and minimum price of products', [[300, 2.5]]],
  [
    'the average age of customers by country',
    [
      ['France', 41],
      ['Norway', 38],
      ['Portugal', 38],
    ],
  ],
  ['total quantity of Home products ordered by customers from Norway', [[3]]],
  ['what are the names of customers who bought the Lamp?', [['Ada'], ['Cleo']]],
  [
    'number of customers by category',
    [
      ['Office', 4],
      ['Home', 2],
      ['Sport', 1],
    ],
  ],
  ['average number of orders per customer', [[1.75]]],
  ['which customer placed the most orders?', [['Ada', 3]]],
  ['which category has the highest average price', [['Office', 151.25]]],
  ['what is the name of the most expensive product', [['Desk']]],
  ['youngest customer', [['Cleo', 22]]],
  [
    'top 2 products by total quantity',
    [
      ['Pen', 110],
      ['Ball', 4],
    ],
  ],
  [
    'cheapest product in each category',
    [
      ['Home', 'Lamp', 40],
      ['Office', 'Pen', 2.5],
      ['Sport', 'Ball', 15],
    ],
  ],
  ['percentage of orders that are shipped', [[0.5714]]],
  [
    'share of orders by status',
    [
      ['shipped', 0.5714],
      ['open', 0.2857],
      ['returned', 0.1429],
    ],
  ],
  ['how many orders were shipped in 2024', [[1]]],
  [
    'list the names and prices of all products',
    [
      ['Lamp', 40],
      ['Chair', 120],
      ['Pen', 2.5],
      ['Desk', 300],
      ['Ball', 15],
    ],
  ],
  ['names of customers from France ordered by age in descending order', [['Dan'], ['Cleo']]],
]

const SCHOOL: Case[] = [
  ['how many students are there', [[4]]],
  [
    'list the first name and last name of students majoring in Physics',
    [
      ['Amy', 'Ash'],
      ['Cy', 'Cole'],
    ],
  ],
  [
    'average grade by course',
    [
      ['Optics', 2.15],
      ['Rome', 2],
      ['Waves', 1.5],
    ],
  ],
  ['what is the average grade of students in Optics', [[2.15]]],
  [
    'how many students are enrolled in each course',
    [
      ['Optics', 2],
      ['Rome', 2],
      ['Waves', 2],
    ],
  ],
  ['which teacher teaches the most courses', [['Nash', 2]]],
  ['students who are not enrolled in any course', [['Di']]],
  ['courses with more than 4 credits', [['Optics'], ['Waves']]],
  ['courses taught by Moss', [['Optics']]],
  ['what are the titles of courses taken by Amy', [['Optics'], ['Waves']]],
  [
    'what is the average salary of teachers by subject',
    [
      ['Physics', 4600],
      ['History', 3500],
    ],
  ],
  ['teachers with the lowest salary', [['Nash', 3500]]],
  ['average credits of courses taken by students of Physics', [[4.6667]]],
  ['the number of enrolments in spring', [[3]]],
  ['what is the total number of credits', [[18]]],
  ['list students by last name in alphabetical order', [['Amy'], ['Bo'], ['Cy'], ['Di']]],
]

const sorted = (rows: Cell[][]) => rows.map((row) => JSON.stringify(row)).sort()

async function check(source: MiniSource, [question, rows]: Case): Promise<void> {
  const asked = await source.ask(question)
  expect(asked.result, `${question}: ${JSON.stringify(asked.result)}`).toMatchObject({ kind: 'plan' })
  expect(sorted(asked.rows), asked.compiled?.sql).toEqual(sorted(rows))
}

describe('schemas that nobody described', () => {
  it.each(SHOP)('shop: %s [planner.general] [answer.joins]', (...one) => check(sources.shop, one))
  it.each(SCHOOL)('school: %s [planner.general] [answer.joins]', (...one) => check(sources.school, one))

  it('gives each customer the latest order only [planner.general]', async () => {
    const { rows } = await sources.shop.ask("each customer's most recent order")
    expect(rows.map((row) => [row[0], row[3]])).toEqual([
      ['Ada', '2023-02-20'],
      ['Ben', '2023-03-01'],
      ['Cleo', '2024-02-01'],
      ['Dan', '2024-03-03'],
    ])
  })

  it.each(['profit by category', 'what is the average salary?', 'how many suppliers are there?'])(
    'refuses what a shop without it is asked: %s [answer.refuse]',
    async (question) => {
      expect((await sources.shop.ask(question)).result.kind).toBe('refuse')
    },
  )

  it('asks which field is meant when a value stands in two [answer.clarify]', async () => {
    const question = 'average grade for Physics'
    const first = await sources.school.ask(question)
    expect(first.result).toMatchObject({ kind: 'clarify', key: 'value:physics' })
    const choice = { 'value:physics': 'students.major' }
    expect((await sources.school.ask(question, { resolutions: choice })).rows).toEqual([[1.92]])
  })
})
