/** @import { HttpClient } from './http.js' */
/** @import { BacktestCandles, BacktestJob, BacktestOptions, BacktestReport, BacktestRequest } from './backtestTypes' */

const ROOT = '/api/backtests'
/** So many runs are read at a time. */
export const MOST_JOBS = 50

/**
 * The backtests of the API by their words.
 * @param {HttpClient} http
 */
export function createBacktestApi(http) {
  return {
    /** @param {AbortSignal} [signal] @returns {Promise<BacktestOptions>} */
    backtestOptions: (signal) => http.request(`${ROOT}/options`, { signal }),
    /** @param {AbortSignal} [signal] @param {number} [before] only those before this run @returns {Promise<{ jobs: BacktestJob[] }>} newest first */
    backtests: (signal, before) => http.request(`${ROOT}?limit=${MOST_JOBS}${before === undefined ? '' : `&before=${before}`}`, { signal }),
    /** @param {string} id @param {AbortSignal} [signal] @returns {Promise<{ job: BacktestJob }>} */
    backtest: (id, signal) => http.request(`${ROOT}/${id}`, { signal }),
    /** @param {BacktestRequest} request @returns {Promise<{ job: BacktestJob }>} queued, not yet run */
    startBacktest: (request) => http.request(ROOT, { method: 'POST', body: request }),
    /** @param {string} id @returns {Promise<{ job: BacktestJob }>} */
    cancelBacktest: (id) => http.request(`${ROOT}/${id}/cancel`, { method: 'POST' }),
    /** @param {string} id @returns {Promise<null>} */
    deleteBacktest: (id) => http.request(`${ROOT}/${id}`, { method: 'DELETE' }),
    /** @param {string} id @param {AbortSignal} [signal] @returns {Promise<BacktestReport>} */
    backtestReport: (id, signal) => http.request(`${ROOT}/${id}/report`, { signal }),
    /**
     * @param {string} id
     * @param {{ symbol: string, from: string, to: string }} part UTC ms; the end is not included
     * @param {AbortSignal} [signal]
     * @returns {Promise<BacktestCandles>}
     */
    backtestCandles: (id, part, signal) => http.request(`${ROOT}/${id}/candles?${new URLSearchParams(part)}`, { signal }),
    /** @param {string} id @param {'report.html' | 'trades.csv'} name @returns {Promise<Blob>} */
    backtestFile: (id, name) => http.download(`${ROOT}/${id}/${name}`),
  }
}
