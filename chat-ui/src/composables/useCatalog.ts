import { useQuery } from '@tanstack/vue-query'
import { api } from '../api/rest.ts'

export function useCatalog() {
  return useQuery({ queryKey: ['catalog'], queryFn: api.catalog, staleTime: 300_000 })
}

export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: api.me, staleTime: 300_000 })
}
