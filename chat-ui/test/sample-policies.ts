import { PolicyDocument, type PolicyText, type User } from '@plumbline/tools/contract'

export const POLICIES = `# Who may see what of the flights.
version: 1

roles:
  - name: admin
    description: Looks after Plumbline
    permissions: [ask, share, approve, policies.read, policies.edit, audit.read, lineage.read, keys.manage, users.manage]
  - name: analyst
    description: Asks questions about one airport
    groups: [analysts, contractors]
    permissions: [ask, share]

grants:
  - id: read-all
    roles: [admin]
    tables: ['*']
  - id: read-flights
    roles: [analyst]
    source: flights
    tables: [flights, weather]
    except: [tailnum]

rowFilters:
  - id: own-airport
    roles: [analyst]
    table: flights
    filter: origin = :principal.airport

masks:
  - id: round-wind
    roles: [analyst]
    table: weather
    columns: [wind_speed]
    mask: { kind: bucket, size: 5 }

budgets:
  - id: usual
    roles: ['*']
    querySeconds: 30
    scanRows: 100000000
    over: approve
`

/** The document that `POLICIES` is. */
export const DOCUMENT: PolicyDocument = PolicyDocument.parse({
  version: 1,
  roles: [
    {
      name: 'admin',
      description: 'Looks after Plumbline',
      permissions: [
        'ask',
        'share',
        'approve',
        'policies.read',
        'policies.edit',
        'audit.read',
        'lineage.read',
        'keys.manage',
        'users.manage',
      ],
    },
    {
      name: 'analyst',
      description: 'Asks questions about one airport',
      groups: ['analysts', 'contractors'],
      permissions: ['ask', 'share'],
    },
  ],
  grants: [
    { id: 'read-all', roles: ['admin'], tables: ['*'] },
    {
      id: 'read-flights',
      roles: ['analyst'],
      source: 'flights',
      tables: ['flights', 'weather'],
      except: ['tailnum'],
    },
  ],
  rowFilters: [{ id: 'own-airport', roles: ['analyst'], table: 'flights', filter: 'origin = :principal.airport' }],
  masks: [
    {
      id: 'round-wind',
      roles: ['analyst'],
      table: 'weather',
      columns: ['wind_speed'],
      mask: { kind: 'bucket', size: 5 },
    },
  ],
  budgets: [{ id: 'usual', roles: ['*'], querySeconds: 30, scanRows: 100_000_000, over: 'approve' }],
})

export const ANA = { id: 'ana', name: 'Ana Silva' }

export function policyText(version: number, yaml: string, comment: string, author = ANA): PolicyText {
  return {
    version,
    author,
    comment,
    createdAt: `2026-11-0${Math.min(version, 9)}T14:02:00.000Z`,
    hash: version.toString(16).padStart(64, '0'),
    restored: null,
    yaml,
    document: DOCUMENT,
  }
}

export const PEOPLE: readonly User[] = [
  {
    ...ANA,
    email: 'ana@example.com',
    groups: ['analysts'],
    roles: ['analyst'],
    attributes: { airport: 'LGA', manager: { name: 'Ben' } },
    createdAt: '2026-03-02T08:00:00Z',
    lastSeenAt: '2026-11-02T08:15:00Z',
    disabledAt: null,
  },
  {
    id: 'cy',
    name: 'Cy Young',
    email: null,
    groups: ['visitors'],
    roles: [],
    attributes: {},
    createdAt: '2026-05-12T08:00:00Z',
    lastSeenAt: null,
    disabledAt: null,
  },
]
