import type { Config } from '../config.ts'
import type { State } from '../state/index.ts'

/** Works on the state in this process, for the local user; loaded only here, because most commands ask the server. */
export async function withOwnState<T>(
  config: Config,
  work: (state: State, principalId: string) => Promise<T>,
): Promise<T> {
  const [{ openState }, { localPrincipal }] = await Promise.all([
    import('../state/index.ts'),
    import('../assistant/local-principal.ts'),
  ])
  const state = await openState(config)
  try {
    return await work(state, localPrincipal.id)
  } finally {
    await state.close()
  }
}
