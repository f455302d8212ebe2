/** How old the market data on screen is, and what that means for trusting it. */

const AGING_AFTER_MS = 3_000
const STALE_AFTER_MS = 15_000

/** @typedef {'unknown' | 'fresh' | 'aging' | 'stale'} FreshnessLevel */
/** @typedef {{ level: FreshnessLevel, ageSeconds: number | null }} Freshness */

/**
 * Follows two witnesses, the newest of which is believed: a price whose market time moved on is new
 * when it arrives; the monitor says how old its data is. A price repeated without moving on (a feed
 * that stands still) proves nothing.
 */
export function createFreshnessTracker() {
  /** @type {number | null} */
  let marketTime = null
  /** @type {{ ageMs: number, at: number } | null} */
  let witness = null

  return {
    /**
     * @param {number | null} time market time of the prices, UTC ms
     * @param {number} now
     */
    observePrices(time, now) {
      if (time === null || (marketTime !== null && time <= marketTime)) return
      marketTime = time
      witness = { ageMs: 0, at: now }
    },
    /**
     * @param {number | null} dataAgeMs
     * @param {number} now
     */
    observeMonitor(dataAgeMs, now) {
      if (dataAgeMs !== null) witness = { ageMs: dataAgeMs, at: now }
    },
    /**
     * @param {number} now
     * @param {boolean} connected
     * @returns {Freshness}
     */
    at(now, connected) {
      if (witness === null) return { level: 'unknown', ageSeconds: null }
      const ageMs = witness.ageMs + Math.max(0, now - witness.at)
      return { level: levelOf(ageMs, connected), ageSeconds: Math.floor(ageMs / 1000) }
    },
  }
}

/** @typedef {ReturnType<typeof createFreshnessTracker>} FreshnessTracker */

/**
 * @param {number} ageMs
 * @param {boolean} connected figures without a connection are never called fresh
 * @returns {FreshnessLevel}
 */
function levelOf(ageMs, connected) {
  if (ageMs > STALE_AFTER_MS) return 'stale'
  if (ageMs > AGING_AFTER_MS || !connected) return 'aging'
  return 'fresh'
}
