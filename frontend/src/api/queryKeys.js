/** Names of the cached reads. A shorter key covers every key that starts with it. */
export const queryKeys = {
  health: /** @type {const} */ (['health']),
  stats: /** @type {const} */ (['stats']),
  activeTrades: /** @type {const} */ (['activeTrades']),
  account: /** @type {const} */ (['account']),
  signals: /** @type {const} */ (['signals']),
  exposure: /** @type {const} */ (['exposure']),
  equity: /** @type {const} */ (['equity']),
  notifications: /** @type {const} */ (['notifications']),
  notificationPreferences: /** @type {const} */ (['notificationPreferences']),
  backtests: /** @type {const} */ (['backtests']),
  backtestList: /** @type {const} */ (['backtests', 'list']),
  /** @param {number | undefined} before */
  olderBacktests: (before) => /** @type {const} */ (['backtests', 'older', before]),
  backtestOptions: /** @type {const} */ (['backtestOptions']),
  trades: /** @type {const} */ (['trades']),
  /** @param {number | null} days */
  equityPeriod: (days) => /** @type {const} */ (['equity', days]),
  /** @param {string} id */
  backtest: (id) => /** @type {const} */ (['backtests', id]),
  /** @param {string} id */
  backtestReport: (id) => /** @type {const} */ (['backtestReport', id]),
  /** @param {string} id @param {{ symbol: string, from: string, to: string }} part */
  backtestCandles: (id, part) => /** @type {const} */ (['backtestCandles', id, part]),
  /** @param {number} page @param {number} limit */
  accountPage: (page, limit) => /** @type {const} */ (['account', page, limit]),
  /** @param {number} page @param {number} limit */
  tradePage: (page, limit) => /** @type {const} */ (['trades', page, limit]),
}
