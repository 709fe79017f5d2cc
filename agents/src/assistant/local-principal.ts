import type { Principal } from '@plumbline/tools/contract'

/** The one user of a local installation: whoever may start the program may see what it reads. */
export const localPrincipal: Principal = { id: 'local', name: 'You', roles: ['owner'], attributes: {} }
