import { useQueryClient } from '@tanstack/react-query'
import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'

import { openSocket as openRealSocket } from '../api/socket.js'
import { startLive } from './live.js'
import { createLiveStore, tradeKey } from './liveStore.js'

/** @import { ReactNode } from 'react' */
/** @import { OpenSocket } from '../api/liveConnection.js' */
/** @import { LiveStore, LiveValues } from './liveStore.js' */
/** @import { Live } from './live.js' */

/** @typedef {{ store: LiveStore, connectNow: () => void }} LiveContextValue */

const LiveContext = createContext(/** @type {LiveContextValue | null} */ (null))

/**
 * Holds the live connection while someone is signed in.
 * @param {{ token: string, verifySession: () => void, openSocket?: OpenSocket, children: ReactNode }} props
 */
export function LiveProvider({ token, verifySession, openSocket = openRealSocket, children }) {
  const queryClient = useQueryClient()
  const [store] = useState(createLiveStore)
  const live = useRef(/** @type {Live | null} */ (null))

  useEffect(() => {
    const started = startLive({ openSocket, token, store, queryClient, verifySession })
    live.current = started
    return () => {
      live.current = null
      started.stop()
    }
  }, [openSocket, token, store, queryClient, verifySession])

  const connectNow = useCallback(() => live.current?.connectNow(), [])
  const value = useMemo(() => ({ store, connectNow }), [store, connectNow])
  return <LiveContext value={value}>{children}</LiveContext>
}

function useLiveContext() {
  const value = use(LiveContext)
  if (value === null) throw new Error('Live data needs a LiveProvider above it.')
  return value
}

/** Reconnect without waiting for the next try. */
export function useConnectNow() {
  return useLiveContext().connectNow
}

/**
 * The newest value under one key; renders again only when it changes.
 * @template {keyof LiveValues} Key
 * @param {Key} key
 */
export function useLive(key) {
  const { store } = useLiveContext()
  const subscribe = useCallback((/** @type {() => void} */ listener) => store.subscribe(key, listener), [store, key])
  return useSyncExternalStore(subscribe, () => store.get(key))
}

/** Whether figures on screen no longer move because the live connection is gone. */
export function useDisconnected() {
  return useLive('connection')?.lost ?? false
}

/** Whether prices are so old that figures made of them are only the last known. */
export function useStale() {
  return useLive('freshness')?.level === 'stale'
}

/**
 * The newest price and result of one open trade.
 * @param {number} id
 */
export function useLiveTrade(id) {
  const { store } = useLiveContext()
  const subscribe = useCallback(
    (/** @type {() => void} */ listener) => store.subscribe(tradeKey(id), listener),
    [store, id],
  )
  return useSyncExternalStore(subscribe, () => store.getTrade(id))
}

/**
 * Like `useLive`, but at most one render a second: for what is expensive to draw.
 * @template {keyof LiveValues} Key
 * @param {Key} key
 */
export function useLiveEverySecond(key) {
  const { store } = useLiveContext()
  const [value, setValue] = useState(() => store.get(key))
  useEffect(() => {
    const ticking = setInterval(() => setValue(store.get(key)), 1_000)
    return () => clearInterval(ticking)
  }, [store, key])
  return value
}
