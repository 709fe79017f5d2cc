import type { CatalogSource } from '@plumbline/tools/contract'
import { describe, expect, it } from 'vitest'
import { searchCatalog } from './search-catalog.ts'

const source: CatalogSource = {
  name: 'engine',
  title: 'Flights',
  dialect: 'duckdb',
  zone: 'UTC',
  tables: [
    {
      name: 'weather',
      title: 'weather hours',
      columns: [
        { name: 'wind_speed', type: 'number', unit: 'mph' },
        { name: 'temp', type: 'number', description: 'Temperature' },
      ],
    },
    { name: 'airlines', title: 'airlines', columns: [{ name: 'carrier', type: 'string' }] },
  ],
  measures: [{ name: 'avg_wind', label: 'average wind speed' }],
  suggestions: [],
}
const found = (word: string) =>
  searchCatalog([source], word).flatMap(({ tables, measures }) => [
    ...tables.map((table) => `${table.name}: ${table.columns.map((column) => column.name).join(', ')}`),
    ...measures.map((measure) => measure.name),
  ])

describe('a search of the catalog', () => {
  it('finds columns by name, meaning and unit, and measures', () => {
    expect(found('WIND')).toEqual(['weather: wind_speed', 'avg_wind'])
    expect(found('temperature')).toEqual(['weather: temp'])
    expect(found('mph')).toEqual(['weather: wind_speed'])
  })

  it('keeps a table whole that is found by its own name, and everything without a word', () => {
    expect(found('weather')).toEqual(['weather: wind_speed, temp'])
    expect(found('')).toEqual(['weather: wind_speed, temp', 'airlines: carrier', 'avg_wind'])
    expect(found('passengers')).toEqual([])
  })
})
