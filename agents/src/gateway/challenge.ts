import type { ApiScope } from '@plumbline/tools/contract'
import type { Resource } from '../identity/index.ts'

export interface Challenge {
  readonly baseUrl: string
  readonly resource: Resource
  /** Whether there is an authorization server that could be asked for a token. */
  readonly hasProvider: boolean
  readonly error: 'invalid_token' | 'insufficient_scope' | null
  readonly scope: ApiScope | 'any' | undefined
}

/** Where the metadata of the MCP resource is (RFC 9728, section 3.1: the resource's path comes last). */
export const RESOURCE_METADATA_PATH = '/.well-known/oauth-protected-resource'

/**
 * `WWW-Authenticate` of a refusal (RFC 6750, section 3). MCP clients find the authorization server by `resource_metadata`
 * (RFC 9728, section 5.1) and ask it for `scope`.
 */
export function challenge({ baseUrl, resource, hasProvider, error, scope }: Challenge): string {
  const parameters: Record<string, string> = { realm: 'plumbline' }
  if (error !== null) parameters.error = error
  if (scope !== undefined && scope !== 'any' && (resource === 'mcp' || error === 'insufficient_scope')) {
    parameters.scope = scope
  }
  if (resource === 'mcp' && hasProvider) parameters.resource_metadata = `${baseUrl}${RESOURCE_METADATA_PATH}/mcp`
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`)
  return `Bearer ${pairs.join(', ')}`
}
