import { useInfiniteQuery, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'

import { MOST_JOBS } from '../api/backtestEndpoints.js'
import { queryKeys } from '../api/queryKeys.js'
import { useAuth } from '../contexts/AuthContext.jsx'

/** @import { Api } from '../api/endpoints.js' */
/** @import { BacktestJob, BacktestRequest, BacktestStatus } from '../api/backtestTypes' */

/** The socket tells progress; this reads it all the same while the socket is silent. */
const LOOK_EVERY_MS = 5_000

/** @param {BacktestStatus | undefined} status */
export const isUnderWay = (status) => status === 'queued' || status === 'running'

export function useBacktestOptions() {
  const { api } = useAuth()
  return useQuery({ queryKey: queryKeys.backtestOptions, queryFn: ({ signal }) => api.backtestOptions(signal), staleTime: 60_000 })
}

export function useBacktests() {
  const { api } = useAuth()
  return useQuery({
    queryKey: queryKeys.backtestList,
    queryFn: ({ signal }) => api.backtests(signal),
    refetchInterval: ({ state }) => (state.data?.jobs.some(({ status }) => isUnderWay(status)) ? LOOK_EVERY_MS : false),
  })
}

/**
 * The runs before one, page by page, once they are wanted.
 * @param {number | undefined} before
 * @param {boolean} wanted
 */
export function useOlderBacktests(before, wanted) {
  const { api } = useAuth()
  return useInfiniteQuery({
    queryKey: queryKeys.olderBacktests(before),
    enabled: wanted && before !== undefined,
    initialPageParam: before,
    queryFn: ({ signal, pageParam }) => api.backtests(signal, pageParam),
    getNextPageParam: ({ jobs }) => (jobs.length < MOST_JOBS ? undefined : jobs.at(-1)?.id),
  })
}

/** @param {string} id */
export function useBacktest(id) {
  const { api } = useAuth()
  return useQuery({
    ...jobQuery(api, id),
    refetchInterval: ({ state }) => (isUnderWay(state.data?.job.status) ? LOOK_EVERY_MS : false),
  })
}

/** Of a finished run; a report never changes. @param {string} id */
export function useBacktestReport(id) {
  const { api } = useAuth()
  return useQuery(reportQuery(api, id))
}

/** Jobs and reports of several runs, in their order. @param {string[]} ids */
export function useBacktestRuns(ids) {
  const { api } = useAuth()
  const jobs = useQueries({ queries: ids.map((id) => jobQuery(api, id)) })
  const reports = useQueries({ queries: ids.map((id) => reportQuery(api, id)) })
  return { jobs, reports }
}

/**
 * @param {string} id
 * @param {{ symbol: string, from: string, to: string }} part
 */
export function useBacktestCandles(id, part) {
  const { api } = useAuth()
  return useQuery({
    queryKey: queryKeys.backtestCandles(id, part),
    queryFn: ({ signal }) => api.backtestCandles(id, part, signal),
    staleTime: Infinity,
  })
}

/** What a person may do with a backtest. Each throws ApiError. */
export function useBacktestActions() {
  const { api } = useAuth()
  const queryClient = useQueryClient()
  const readAgain = () => queryClient.invalidateQueries({ queryKey: queryKeys.backtests })
  return {
    /** @param {BacktestRequest} request */
    start: async (request) => {
      const { job } = await api.startBacktest(request)
      queryClient.setQueryData(queryKeys.backtest(String(job.id)), { job })
      void readAgain()
      return job
    },
    /** @param {BacktestJob} job */
    cancel: async ({ id }) => {
      await api.cancelBacktest(String(id))
      await readAgain()
    },
    /** @param {BacktestJob} job */
    remove: async ({ id }) => {
      await api.deleteBacktest(String(id))
      queryClient.removeQueries({ queryKey: queryKeys.backtest(String(id)) })
      await readAgain()
    },
  }
}

/** @param {Api} api @param {string} id */
function jobQuery(api, id) {
  return {
    queryKey: queryKeys.backtest(id),
    queryFn: (/** @type {{ signal: AbortSignal }} */ { signal }) => api.backtest(id, signal),
  }
}

/** @param {Api} api @param {string} id */
function reportQuery(api, id) {
  return {
    queryKey: queryKeys.backtestReport(id),
    queryFn: (/** @type {{ signal: AbortSignal }} */ { signal }) => api.backtestReport(id, signal),
    staleTime: Infinity,
  }
}
