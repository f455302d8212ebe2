/** @import { Health } from './types' */

const STORAGE_KEY = 'ict.health'

/**
 * Remembers, for this tab, what was traded when the server last said so. A reload can then draw the
 * right banner at once instead of pushing the page down when the answer arrives.
 * @param {Storage} storage
 * @param {Health} health
 */
export function rememberHealth(storage, { monitor: _changesBySecond, ...lasting }) {
  storage.setItem(STORAGE_KEY, JSON.stringify(lasting))
}

/**
 * @param {Storage} storage
 * @returns {Health | undefined}
 */
export function recallHealth(storage) {
  const stored = storage.getItem(STORAGE_KEY)
  if (stored === null) return undefined
  try {
    return { ...JSON.parse(stored), monitor: null }
  } catch {
    // Something else wrote this key: nothing is remembered.
    return undefined
  }
}
