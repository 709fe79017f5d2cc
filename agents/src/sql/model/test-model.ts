import type { CatalogSource } from '@plumbline/tools/contract'
import { SemanticModel } from '@plumbline/tools/semantic'

/** A small shop, and as many further tables as a test wants. */
export function shop(furtherTables = 0): { semanticModel: SemanticModel; source: CatalogSource } {
  const filler = Array.from({ length: furtherTables }, (_, i) => ({
    name: `ledger_${i}`,
    title: `ledger entries of unit ${i}`,
    description: 'Bookings of one unit of the group, as they came from the accounting system.',
    synonyms: [`bookings ${i}`],
    dimensions: Array.from({ length: 15 }, (_, j) => ({
      name: `field_${j}`,
      type: 'string' as const,
      kind: 'categorical' as const,
      label: `ledger field ${j}`,
      synonyms: [`entry ${j}`, `booking field ${j}`],
      description: 'A field of the booking as the accounting system names it.',
    })),
    measures: [{ name: 'bookings', label: 'number of bookings', aggregate: 'count' as const }],
  }))
  const semanticModel = SemanticModel.parse({
    name: 'shop',
    title: 'Shop',
    entities: [
      ...filler,
      {
        name: 'orders',
        title: 'orders',
        synonyms: ['purchase'],
        dimensions: [
          { name: 'placed_on', type: 'date', kind: 'time', label: 'order date' },
          { name: 'customer_id', type: 'integer', kind: 'key', label: 'customer' },
          { name: 'card', column: 'card_number', type: 'string', kind: 'categorical', label: 'card', private: true },
          { name: 'mail_domain', expression: 'lower({email})', type: 'string', kind: 'key', label: 'm', private: true },
        ],
        measures: [
          { name: 'orders', label: 'number of orders', aggregate: 'count' },
          {
            name: 'revenue',
            label: 'revenue',
            aggregate: 'sum',
            column: 'amount',
            unit: 'EUR',
            synonyms: ['turnover'],
          },
        ],
        segments: [{ name: 'returned', label: 'returned', filter: '{returned_on} IS NOT NULL' }],
      },
      {
        name: 'customers',
        title: 'customers',
        dimensions: [
          { name: 'id', type: 'integer', kind: 'key', label: 'customer id' },
          {
            name: 'country',
            type: 'string',
            kind: 'categorical',
            label: 'country',
            values: [
              ...Array.from({ length: 20 }, (_, i) => ({ value: `X${i}`, synonyms: [`Examplia ${i}`] })),
              { value: 'DE', synonyms: ['Germany', 'German'] },
            ],
          },
        ],
      },
    ],
    joins: [
      {
        name: 'customer',
        from: 'orders',
        to: 'customers',
        on: [{ from: 'customer_id', to: 'id' }],
        cardinality: 'many-to-one',
      },
    ],
  })
  const column = (name: string, type: 'integer' | 'string' | 'date') => ({ name, type })
  const source: CatalogSource = {
    name: 'shop',
    title: 'Shop',
    dialect: 'duckdb',
    zone: 'UTC',
    tables: [
      {
        name: 'orders',
        title: 'orders',
        columns: [
          column('placed_on', 'date'),
          column('returned_on', 'date'),
          column('card_number', 'string'),
          column('email', 'string'),
        ],
      },
    ],
    measures: [],
    suggestions: [],
  }
  return { semanticModel, source }
}
