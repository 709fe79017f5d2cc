import type { ApiScope, SignedInBy } from '@plumbline/tools/contract'
import type { ColumnType } from 'kysely'

/** JSON in a column: written as text, read parsed. */
type Json<T> = ColumnType<T, string, string>

/** The tables of who may come in, as migrations 0002 and 0010 to 0014 make them. Secrets are kept as their SHA-256 alone. */
export interface IdentityTables {
  users: UserTable
  login_sessions: LoginSessionTable
  login_transactions: LoginTransactionTable
  signing_keys: SigningKeyTable
  token_grants: TokenGrantTable
  refresh_tokens: RefreshTokenTable
  api_keys: ApiKeyTable
}

export interface UserTable {
  /** `issuer|sub`; `local` for the person who runs the installation. */
  id: string
  name: string
  email: string | null
  groups: Json<string[]>
  attributes: Json<Record<string, string | number | boolean | Array<string | number>>>
  created_at: Date
  last_seen_at: Date | null
  disabled_at: Date | null
}

export interface LoginSessionTable {
  /** SHA-256 of the cookie's value, hex: the value itself is never stored. */
  token_hash: string
  principal_id: string
  signed_in_by: Extract<SignedInBy, 'link' | 'oidc'>
  created_at: Date
  /** It ends then, however much it is used. */
  expires_at: Date
  /** It ends when unused for so long; null: it does not. */
  idle_seconds: number | null
  last_used_at: Date
  /** The identity provider's ID token, sealed; it lets one end the session there too. */
  id_token: string | null
}

export interface LoginTransactionTable {
  state_hash: string
  browser_hash: string
  return_to: string
  expires_at: Date
}

export interface SigningKeyTable {
  kid: string
  public_jwk: Json<Record<string, unknown>>
  /** The private key as a JWK in JSON, sealed. */
  private_jwk: string
  created_at: Date
  retired_at: Date | null
}

export interface TokenGrantTable {
  id: string
  user_id: string
  scopes: Json<ApiScope[]>
  resource: 'api' | 'mcp'
  /** What it was exchanged for; it ends with that. */
  api_key_id: string | null
  session_hash: string | null
  created_at: Date
  expires_at: Date
  revoked_at: Date | null
}

export interface RefreshTokenTable {
  token_hash: string
  grant_id: string
  created_at: Date
  used_at: Date | null
}

export interface ApiKeyTable {
  id: string
  token_hash: string
  prefix: string
  name: string
  user_id: string
  scopes: Json<ApiScope[]>
  created_at: Date
  expires_at: Date
  last_used_at: Date | null
  revoked_at: Date | null
}
