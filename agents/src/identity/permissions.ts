import { Permission, type Principal } from '@plumbline/tools/contract'

export type PermissionsOf = (principal: Principal) => ReadonlySet<Permission>

const ALL: ReadonlySet<Permission> = new Set(Permission.options)
const NONE: ReadonlySet<Permission> = new Set()

/** Without policies only the person who runs the installation may do anything. */
export const ownerOnly: PermissionsOf = ({ roles }) => (roles.includes('owner') ? ALL : NONE)
