import { QueryClient } from '@tanstack/react-query'

import { ApiError } from './errors.js'

/** The cache of one page's reads. */
export function createQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The server is ours and near: ask it even when the browser believes to be offline.
        networkMode: 'always',
        staleTime: 5_000,
        retry: (failures, error) => failures < 1 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
    },
  })
}
