import { useCallback, useSyncExternalStore } from 'react'

/** @param {string} query a CSS media query */
export function useMediaQuery(query) {
  const subscribe = useCallback(
    (/** @type {() => void} */ listener) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
}

/** Whether there is room for tables; below, the same data is shown as cards. */
export function useWideScreen() {
  return useMediaQuery('(min-width: 56rem)')
}
