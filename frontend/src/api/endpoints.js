import { createBacktestApi } from './backtestEndpoints.js'

/** @import { HttpClient } from './http.js' */
/** @import { AccountPage, ActiveTrades, AddedNotificationTarget, Command, CommandWish, NotificationAttempt, NotificationTarget, EquityCurve, Exposure, Health, NotificationChoice, NotificationMessage, NotificationPreferences, Session, SignalSummary, Stats, TradePage, User } from './types' */

export const EQUITY_POINTS = 300

/**
 * The API by its words. Reads take the AbortSignal of the query that wants them.
 * @param {HttpClient} http
 */
export function createApi(http) {
  return {
    ...createBacktestApi(http),
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
    /**
     * @param {number} page
     * @param {number} limit
     * @param {AbortSignal} [signal]
     * @returns {Promise<AccountPage>}
     */
    account: (page, limit, signal) => http.request(`/api/dashboard/account?page=${page}&limit=${limit}`, { signal }),
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
    /** @param {CommandWish} wish @returns {Promise<{ command: Command }>} stored, not yet carried out */
    giveCommand: (wish) => http.request('/api/monitor/commands', { method: 'POST', body: wish }),
    /** @param {number} id @returns {Promise<{ command: Command }>} */
    command: (id) => http.request(`/api/monitor/commands/${id}`),
    /** @param {AbortSignal} [signal] @returns {Promise<Exposure>} */
    exposure: (signal) => http.request('/api/monitor/exposure', { signal }),
    /** @returns {Promise<{ publicKey: string }>} */
    pushKey: () => http.request('/api/notifications/push-key'),
    /**
     * @param {string} channel
     * @param {string} address
     * @returns {Promise<AddedNotificationTarget>}
     */
    addNotificationTarget: (channel, address) =>
      http.request('/api/notifications/targets', { method: 'POST', body: { channel, address } }),
    /**
     * @param {number} id
     * @param {string} code
     * @returns {Promise<NotificationTarget>}
     */
    verifyNotificationTarget: (id, code) =>
      http.request(`/api/notifications/targets/${id}/verify`, { method: 'POST', body: { code } }),
    /** @param {number} id @returns {Promise<NotificationAttempt>} */
    testNotificationTarget: (id) => http.request(`/api/notifications/targets/${id}/test`, { method: 'POST' }),
    /** @param {number} id @returns {Promise<null>} */
    removeNotificationTarget: (id) => http.request(`/api/notifications/targets/${id}`, { method: 'DELETE' }),
  }
}

/** @typedef {ReturnType<typeof createApi>} Api */
