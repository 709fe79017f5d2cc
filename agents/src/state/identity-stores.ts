import type { Kysely } from 'kysely'
import { type ApiKeys, apiKeyStore } from './api-keys.ts'
import type { Database } from './database.ts'
import { type LoginTransactions, loginTransactionStore } from './login-transactions.ts'
import { type SigningKeyStore, signingKeyStore } from './signing-key-store.ts'
import { withStateErrors } from './state-error.ts'
import { type TokenGrants, tokenGrantStore } from './token-grants.ts'
import { type Users, userStore } from './users.ts'

/** What is kept of who may come in, beside the sessions. */
export interface IdentityStores {
  readonly users: Users
  readonly logins: LoginTransactions
  readonly apiKeys: ApiKeys
  readonly signingKeys: SigningKeyStore
  readonly grants: TokenGrants
}

/** `clock` is the time of day, for tests. */
export function identityStores(db: Kysely<Database>, clock = () => new Date()): IdentityStores {
  return {
    users: withStateErrors(userStore(db, clock)),
    logins: withStateErrors(loginTransactionStore(db, clock)),
    apiKeys: withStateErrors(apiKeyStore(db, clock)),
    signingKeys: withStateErrors(signingKeyStore(db)),
    grants: withStateErrors(tokenGrantStore(db, clock)),
  }
}
