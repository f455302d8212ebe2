/** @import { LiveTrade, Monitor, PriceSnapshot } from '../api/types' */
/** @import { ConnectionState } from '../api/liveConnection.js' */
/** @import { Freshness } from './freshness.js' */

/**
 * @typedef {Omit<PriceSnapshot, 'prices' | 'openTrades'>} LiveAccount
 * @typedef {{ id: number, text: string, tone: 'up' | 'down' | 'neutral' }} Notice
 */

/**
 * What each key holds; a key that nothing was set under holds undefined.
 * @typedef {object} LiveValues
 * @property {LiveAccount} account
 * @property {Monitor} monitor
 * @property {ConnectionState & { lost: boolean }} connection lost until it is there again, whatever is tried meanwhile
 * @property {Freshness} freshness
 * @property {Notice[]} notices
 */

/**
 * A keyed store outside React: a component subscribes to one key and is rendered again only when
 * that key changes, so four prices a second touch the rows they belong to and nothing else.
 */
export function createLiveStore() {
  /** @type {Map<string, any>} */
  const values = new Map()
  /** @type {Map<string, Set<() => void>>} */
  const listeners = new Map()

  /**
   * @param {string} key
   * @param {unknown} value
   */
  function put(key, value) {
    if (sameValue(values.get(key), value)) return
    values.set(key, value)
    listeners.get(key)?.forEach((listener) => listener())
  }

  return {
    /**
     * @template {keyof LiveValues} Key
     * @param {Key} key
     * @returns {LiveValues[Key] | undefined}
     */
    get: (key) => values.get(key),
    /** @param {number} id @returns {LiveTrade | undefined} */
    getTrade: (id) => values.get(tradeKey(id)),
    /**
     * @template {keyof LiveValues} Key
     * @param {Key} key
     * @param {LiveValues[Key]} value
     */
    set: (key, value) => put(key, value),
    /** @param {PriceSnapshot} snapshot */
    applyPrices(snapshot) {
      for (const trade of snapshot.openTrades) put(tradeKey(trade.id), trade)
      const { marketTime, equity, wallet, openPnL, openPnLPercent, openR, equityTime } = snapshot
      put('account', { marketTime, equity, wallet, openPnL, openPnLPercent, openR, equityTime })
    },
    /**
     * @param {string} key
     * @param {() => void} listener
     */
    subscribe(key, listener) {
      const subscribed = listeners.get(key) ?? new Set()
      listeners.set(key, subscribed.add(listener))
      return () => {
        subscribed.delete(listener)
      }
    },
  }
}

/** @typedef {ReturnType<typeof createLiveStore>} LiveStore */

/** @param {number} id */
export const tradeKey = (id) => `trade:${id}`

/**
 * Equal values, or flat objects with equal fields.
 * @param {any} left
 * @param {any} right
 */
function sameValue(left, right) {
  if (Object.is(left, right)) return true
  if (!isPlainObject(left) || !isPlainObject(right)) return false
  const fields = Object.keys(right)
  return fields.length === Object.keys(left).length && fields.every((field) => Object.is(left[field], right[field]))
}

/** @param {unknown} value */
function isPlainObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
