export { type PolicyFault, parsePolicies } from './parse-policies.ts'
export { OWNER, resolveAccess } from './resolve-access.ts'
export { permissionsOfRoles, rolesOfGroups } from './roles.ts'
export type { AppliedFilter, AppliedMask, Budget, SourceAccess, TableAccess } from './source-access.ts'
