/** A document to begin from: everybody who signs in may ask, of everything, and nothing of it is hidden yet. */
export const STARTER = `# Who may see and do what. What no grant names does not exist for a person.
version: 1

roles:
  - name: admin
    description: Looks after Plumbline
    groups: []
    permissions:
      [ask, share, approve, policies.read, policies.edit, audit.read, lineage.read, keys.manage, users.manage]
  - name: analyst
    description: Asks questions
    # Groups of your identity provider whose members have this role.
    groups: [analysts]
    permissions: [ask, share]

grants:
  - id: read-all
    roles: [admin, analyst]
    tables: ['*']

# Rows that a person does not see do not exist for them, whatever the query.
rowFilters: []
#  - id: own-region
#    roles: [analyst]
#    table: orders
#    filter: region = :principal.region

# What stands in place of a value, wherever the column is used: null, hash, partial, bucket or constant.
masks: []
#  - id: hide-email
#    roles: [analyst]
#    table: customers
#    columns: [email]
#    mask: { kind: hash }

# Columns whose values never reach a language model.
private: []

budgets:
  - id: usual
    roles: ['*']
    querySeconds: 60
    scanRows: 1000000000
    over: approve
`
