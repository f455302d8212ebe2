/** What an event changes in what was read before. Pure: the cached value in, the new one out. */

/** @import { BacktestJob, LiveBacktestJob } from '../api/backtestTypes' */
/** @import { ActiveTrades, Signal, SignalSummary, Trade } from '../api/types' */

const RECENT_SIGNALS = 20

/**
 * @param {ActiveTrades} active
 * @param {Trade} trade opened or updated
 * @returns {ActiveTrades}
 */
export function withOpenTrade(active, trade) {
  const known = active.trades.some(({ id }) => id === trade.id)
  const trades = known
    ? active.trades.map((other) => (other.id === trade.id ? trade : other))
    : [...active.trades, trade]
  return { ...active, trades }
}

/**
 * @param {ActiveTrades} active
 * @param {Trade} trade
 * @returns {ActiveTrades}
 */
export function withoutTrade(active, trade) {
  return { ...active, trades: active.trades.filter(({ id }) => id !== trade.id) }
}

/**
 * The counts stay as the server gave them until they are read again.
 * @param {SignalSummary} summary
 * @param {Signal} signal
 * @returns {SignalSummary}
 */
export function withSignal(summary, signal) {
  const others = summary.recent.filter(({ signalId }) => signalId !== signal.signalId)
  return { ...summary, recent: [signal, ...others].slice(0, RECENT_SIGNALS) }
}

/**
 * A job with the progress just told. Its end is not taken over: what came of it has to be read.
 * @param {BacktestJob} job
 * @param {LiveBacktestJob} told
 * @returns {BacktestJob}
 */
export function backtestAsTold(job, { status, progress }) {
  return job.status === status || status === 'running' ? { ...job, status, progress } : job
}

/**
 * @param {{ jobs: BacktestJob[] }} list
 * @param {LiveBacktestJob[]} told
 */
export function withBacktests(list, told) {
  const newest = new Map(told.map((one) => [one.id, one]))
  return {
    jobs: list.jobs.map((job) => {
      const one = newest.get(job.id)
      return one ? backtestAsTold(job, one) : job
    }),
  }
}
