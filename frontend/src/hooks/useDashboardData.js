import { keepPreviousData, useQuery } from '@tanstack/react-query'

import { recallHealth, rememberHealth } from '../api/healthMemory.js'
import { queryKeys } from '../api/queryKeys.js'
import { useAuth } from '../contexts/AuthContext.jsx'
import { useLive } from '../contexts/LiveContext.jsx'

const HEALTH_INTERVAL_MS = 10_000
const EXPOSURE_INTERVAL_MS = 2_000

export function useHealth() {
  const { api } = useAuth()
  return useQuery({
    queryKey: queryKeys.health,
    queryFn: async ({ signal }) => {
      const health = await api.health(signal)
      rememberHealth(window.sessionStorage, health)
      return health
    },
    placeholderData: () => recallHealth(window.sessionStorage),
    refetchInterval: HEALTH_INTERVAL_MS,
  })
}

export function useStats() {
  const { api } = useAuth()
  return useQuery({ queryKey: queryKeys.stats, queryFn: ({ signal }) => api.stats(signal) })
}

/** @param {number | null} days null for the whole history */
export function useEquity(days) {
  const { api } = useAuth()
  return useQuery({
    queryKey: queryKeys.equityPeriod(days),
    queryFn: ({ signal }) => api.equity(days, signal),
    placeholderData: keepPreviousData,
  })
}

export function useActiveTrades() {
  const { api } = useAuth()
  return useQuery({ queryKey: queryKeys.activeTrades, queryFn: ({ signal }) => api.activeTrades(signal) })
}

/**
 * @param {number} page from 1
 * @param {number} limit trades a page
 */
export function useTradePage(page, limit) {
  const { api } = useAuth()
  return useQuery({
    queryKey: queryKeys.tradePage(page, limit),
    queryFn: ({ signal }) => api.trades(page, limit, signal),
    placeholderData: keepPreviousData,
  })
}

/**
 * @param {number} page from 1
 * @param {number} limit movements a page
 */
export function useAccountPage(page, limit) {
  const { api } = useAuth()
  return useQuery({
    queryKey: queryKeys.accountPage(page, limit),
    queryFn: ({ signal }) => api.account(page, limit, signal),
    placeholderData: keepPreviousData,
  })
}

/** What a stop would touch, read again while it is looked at. */
export function useExposure() {
  const { api } = useAuth()
  return useQuery({ queryKey: queryKeys.exposure, queryFn: ({ signal }) => api.exposure(signal), refetchInterval: EXPOSURE_INTERVAL_MS })
}

export function useSignals() {
  const { api } = useAuth()
  return useQuery({ queryKey: queryKeys.signals, queryFn: ({ signal }) => api.signals(signal) })
}

/**
 * The monitor as the live connection tells it; without one, its state as the health read does.
 * Health is open to everyone and so holds no readings, no guards and no reason of a pause: the last live ones stay.
 */
export function useMonitor() {
  const connected = useLive('connection')?.status === 'connected'
  const live = useLive('monitor')
  const { data } = useHealth()
  const reported = (connected && live) || data?.monitor || live || null
  const entriesPaused = reported?.entriesPaused && (live?.entriesPaused ?? reported.entriesPaused)
  if (reported === null) return null
  const { symbols, guards, openRisk } = live ?? reported
  return { ...reported, entriesPaused: entriesPaused ?? null, symbols, guards, openRisk }
}
