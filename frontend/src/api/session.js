/** @import { HttpClient } from './http.js' */
/** @import { Session } from './types' */

const STORAGE_KEY = 'ict.session'

/**
 * @typedef {object} SessionState
 * @property {Session | null} session
 * @property {string | null} notice why nobody is signed in, as a sentence
 */

/**
 * Keeps who is signed in: in memory, in the tab's storage (so a reload keeps it) and as the client's token.
 * @param {{ http: HttpClient, storage: Storage }} dependencies
 */
export function createSessionKeeper({ http, storage }) {
  /** @type {Set<() => void>} */
  const listeners = new Set()
  /** @type {SessionState} */
  let state = { session: restore(storage), notice: null }
  http.useToken(state.session?.token ?? null)
  http.handleUnauthorized((error) => end(error.message))

  /** @param {SessionState} next */
  function become(next) {
    state = next
    http.useToken(next.session?.token ?? null)
    if (next.session === null) storage.removeItem(STORAGE_KEY)
    else storage.setItem(STORAGE_KEY, JSON.stringify(next.session))
    listeners.forEach((listener) => listener())
  }

  /** @param {string | null} notice */
  function end(notice) {
    become({ session: null, notice })
  }

  return {
    get: () => state,
    /** @param {() => void} listener */
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** @param {Session} session */
    start: (session) => become({ session, notice: null }),
    end,
  }
}

/** @typedef {ReturnType<typeof createSessionKeeper>} SessionKeeper */

/**
 * @param {Storage} storage
 * @returns {Session | null}
 */
function restore(storage) {
  const stored = storage.getItem(STORAGE_KEY)
  if (stored === null) return null
  try {
    const { token, user } = JSON.parse(stored)
    return typeof token === 'string' && typeof user?.email === 'string' ? { token, user } : null
  } catch {
    // Something else wrote this key: nobody is signed in.
    return null
  }
}
