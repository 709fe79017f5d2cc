import type { Permission } from '@plumbline/tools/contract'
import { useQuery } from '@tanstack/vue-query'
import { api } from '../api/rest.ts'

export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: api.me, staleTime: 300_000 })
}

/** What the page may offer the person. Only a courtesy: the gateway decides again for every request. */
export function useCan() {
  const { data: me } = useMe()
  return (permission: Permission) => me.value?.permissions.includes(permission) ?? false
}
