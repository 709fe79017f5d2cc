import { QueryClient } from '@tanstack/vue-query'
import { ApiError } from './rest.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // An answer of the server is final; only a lost connection is worth another try.
      retry: (count, error) => !(error instanceof ApiError) && count < 2,
      refetchOnWindowFocus: false,
    },
  },
})
