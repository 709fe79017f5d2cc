import { QueryCache, QueryClient } from '@tanstack/vue-query'
import { ApiError } from './send.ts'

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The session ended while the page was open: asking who is there again shows the sign-in page.
    onError(error, query) {
      const isMe = query.queryKey[0] === 'me'
      if (error instanceof ApiError && error.status === 401 && !isMe) {
        void queryClient.invalidateQueries({ queryKey: ['me'] })
      }
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // An answer of the server is final; only a lost connection is worth another try.
      retry: (count, error) => !(error instanceof ApiError) && count < 2,
      refetchOnWindowFocus: false,
    },
  },
})
