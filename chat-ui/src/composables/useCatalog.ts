import { useQuery } from '@tanstack/vue-query'
import { api } from '../api/rest.ts'

export function useCatalog() {
  return useQuery({ queryKey: ['catalog'], queryFn: api.catalog, staleTime: 300_000 })
}
