import { useSyncExternalStore } from 'react'

const SECOND = 1_000

/** @param {() => void} listener */
function everySecond(listener) {
  const ticking = setInterval(listener, SECOND)
  return () => clearInterval(ticking)
}

/** The wall clock in whole seconds, UTC ms; renders once a second. */
export function useNow() {
  return useSyncExternalStore(everySecond, () => Math.floor(Date.now() / SECOND) * SECOND)
}
