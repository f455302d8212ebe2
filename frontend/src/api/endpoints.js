/** @import { HttpClient } from './http.js' */
/** @import { ActiveTrades, EquityCurve, Health, NotificationChoice, NotificationMessage, NotificationPreferences, Session, SignalSummary, Stats, TradePage, User } from './types' */

export const EQUITY_POINTS = 300

/**
 * The API by its words. Reads take the AbortSignal of the query that wants them.
 * @param {HttpClient} http
 */
export function createApi(http) {
  return {
    /**
     * @param {string} email
     * @param {string} password
     * @returns {Promise<Session>}
     */
    login: (email, password) =>
      http.request('/api/auth/login', { method: 'POST', body: { email, password }, open: true }),
    /**
     * @param {string} email
     * @param {string} password
     * @returns {Promise<Session>}
     */
    register: (email, password) =>
      http.request('/api/auth/register', { method: 'POST', body: { email, password }, open: true }),
    /** @returns {Promise<null>} */
    logout: () => http.request('/api/auth/logout', { method: 'POST' }),
    /** @param {AbortSignal} [signal] @returns {Promise<{ user: User }>} */
    me: (signal) => http.request('/api/auth/me', { signal }),
    /** @param {AbortSignal} [signal] @returns {Promise<Health>} */
    health: (signal) => http.request('/api/health', { signal, open: true }),
    /** @param {AbortSignal} [signal] @returns {Promise<Stats>} */
    stats: (signal) => http.request('/api/dashboard/stats', { signal }),
    /**
     * @param {number | null} days null for the whole history
     * @param {AbortSignal} [signal]
     * @returns {Promise<EquityCurve>}
     */
    equity: (days, signal) => {
      const period = days === null ? '' : `&days=${days}`
      return http.request(`/api/dashboard/equity?points=${EQUITY_POINTS}${period}`, { signal })
    },
    /**
     * @param {number} page
     * @param {number} limit
     * @param {AbortSignal} [signal]
     * @returns {Promise<TradePage>}
     */
    trades: (page, limit, signal) => http.request(`/api/dashboard/trades?page=${page}&limit=${limit}`, { signal }),
    /** @param {AbortSignal} [signal] @returns {Promise<ActiveTrades>} */
    activeTrades: (signal) => http.request('/api/dashboard/active-trades', { signal }),
    /** @param {AbortSignal} [signal] @returns {Promise<SignalSummary>} */
    signals: (signal) => http.request('/api/dashboard/signals', { signal }),
    /** @param {AbortSignal} [signal] @returns {Promise<{ notifications: NotificationMessage[] }>} */
    notifications: (signal) => http.request('/api/notifications', { signal }),
    /** @param {AbortSignal} [signal] @returns {Promise<NotificationPreferences>} */
    notificationPreferences: (signal) => http.request('/api/notifications/preferences', { signal }),
    /** @param {NotificationChoice} body @returns {Promise<NotificationPreferences>} */
    chooseNotifications: (body) => http.request('/api/notifications/preferences', { method: 'PUT', body }),
    /** @param {string} channel @returns {Promise<{ sent: boolean, answer: string }>} the provider's own words */
    testNotification: (channel) => http.request('/api/notifications/test', { method: 'POST', body: { channel } }),
  }
}

/** @typedef {ReturnType<typeof createApi>} Api */
