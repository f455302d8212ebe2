import { createContext, use, useMemo, useSyncExternalStore } from 'react'

import { errorSentence } from '../api/errors.js'

/** @import { ReactNode } from 'react' */
/** @import { Api } from '../api/endpoints.js' */
/** @import { SessionKeeper } from '../api/session.js' */
/** @import { Session } from '../api/types' */

/**
 * @typedef {object} Auth
 * @property {Api} api
 * @property {Session | null} session
 * @property {string | null} notice why nobody is signed in
 * @property {(email: string, password: string) => Promise<void>} login throws ApiError
 * @property {(email: string, password: string) => Promise<void>} register throws ApiError
 * @property {() => Promise<void>} logout
 */

const AuthContext = createContext(/** @type {Auth | null} */ (null))

/** @param {{ api: Api, sessionKeeper: SessionKeeper, children: ReactNode }} props */
export function AuthProvider({ api, sessionKeeper, children }) {
  const { session, notice } = useSyncExternalStore(sessionKeeper.subscribe, sessionKeeper.get)
  const auth = useMemo(
    () => ({ api, session, notice, ...createActions(api, sessionKeeper) }),
    [api, session, notice, sessionKeeper],
  )
  return <AuthContext value={auth}>{children}</AuthContext>
}

export function useAuth() {
  const auth = use(AuthContext)
  if (auth === null) throw new Error('useAuth needs an AuthProvider above it.')
  return auth
}

/**
 * @param {Api} api
 * @param {SessionKeeper} sessionKeeper
 */
function createActions(api, sessionKeeper) {
  return {
    /** @param {string} email @param {string} password */
    login: async (email, password) => sessionKeeper.start(await api.login(email, password)),
    /** @param {string} email @param {string} password */
    register: async (email, password) => sessionKeeper.start(await api.register(email, password)),
    logout: async () => {
      try {
        await api.logout()
        sessionKeeper.end('You are logged out.')
      } catch (error) {
        sessionKeeper.end(`You are logged out on this device, but the server did not confirm it: ${errorSentence(error)}`)
      }
    },
  }
}
