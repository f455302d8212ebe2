/** @import { QueryClient, QueryKey } from '@tanstack/react-query' */

const DELAY_MS = 1_000

/**
 * Collects which reads events made old and reads them again at most once a second, however fast
 * the events come.
 * @param {QueryClient} queryClient
 */
export function createInvalidator(queryClient) {
  /** @type {Map<string, QueryKey>} */
  const waiting = new Map()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  function flush() {
    timer = undefined
    const keys = [...waiting.values()]
    waiting.clear()
    for (const queryKey of keys) queryClient.invalidateQueries({ queryKey })
  }

  return {
    /** @param {QueryKey[]} keys */
    soon(...keys) {
      for (const key of keys) waiting.set(JSON.stringify(key), key)
      timer ??= setTimeout(flush, DELAY_MS)
    },
    everything() {
      queryClient.invalidateQueries()
    },
    stop() {
      clearTimeout(timer)
    },
  }
}
