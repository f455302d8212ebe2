/** Names of the cached reads. A shorter key covers every key that starts with it. */
export const queryKeys = {
  health: /** @type {const} */ (['health']),
  stats: /** @type {const} */ (['stats']),
  activeTrades: /** @type {const} */ (['activeTrades']),
  signals: /** @type {const} */ (['signals']),
  equity: /** @type {const} */ (['equity']),
  notifications: /** @type {const} */ (['notifications']),
  notificationPreferences: /** @type {const} */ (['notificationPreferences']),
  trades: /** @type {const} */ (['trades']),
  /** @param {number | null} days */
  equityPeriod: (days) => /** @type {const} */ (['equity', days]),
  /** @param {number} page @param {number} limit */
  tradePage: (page, limit) => /** @type {const} */ (['trades', page, limit]),
}
