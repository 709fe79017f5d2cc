import type { Catalog } from '@plumbline/tools/contract'

export const CATALOG: Catalog = {
  sources: [
    {
      name: 'flights',
      title: 'Flights from New York in 2013',
      description: 'All flights that left JFK, LaGuardia and Newark in 2013, with the weather there.',
      dialect: 'DuckDB',
      zone: 'America/New_York',
      from: '2013-01-01T00:00:00Z',
      to: '2013-12-31T00:00:00Z',
      loadedAt: '2026-01-02T08:30:00Z',
      tables: [
        {
          name: 'flights',
          title: 'Flights',
          description: 'One row a scheduled departure.',
          rowCount: 336_776,
          columns: [
            { name: 'time_hour', type: 'timestamp', description: 'Scheduled hour of departure' },
            {
              name: 'dep_delay',
              type: 'number',
              description: 'Delay at departure; negative when early',
              unit: 'minutes',
            },
            { name: 'origin', type: 'string', description: 'Airport of departure' },
          ],
        },
        {
          name: 'weather',
          title: 'Weather',
          rowCount: 26_115,
          columns: [
            { name: 'wind_speed', type: 'number', description: 'Mean speed of the wind', unit: 'mph', masked: true },
          ],
        },
      ],
      measures: [
        { name: 'flights', label: 'Number of flights' },
        { name: 'delay', label: 'Average departure delay', unit: 'minutes', description: 'Over flights that left' },
        { name: 'cancelled', label: 'Cancelled share', description: 'Flights without a departure' },
      ],
      suggestions: [
        'How many flights left JFK in July 2013?',
        'average departure delay by month',
        'top destinations by number of flights',
        'share of cancelled flights per origin',
        'how does wind speed relate to departure delay?',
        'departure delay by hour and month',
      ],
    },
  ],
}
