import { render } from '@testing-library/react'
import { MemoryRouter } from 'react-router'

import { createApi } from '../src/api/endpoints.js'
import { createHttpClient } from '../src/api/http.js'
import { createSessionKeeper } from '../src/api/session.js'
import { App } from '../src/App.jsx'
import { AuthProvider } from '../src/contexts/AuthContext.jsx'
import { FakeSocket } from './fakes.js'

/** @import { FakeServer } from './fakes.js' */
/** @import { Session } from '../src/api/types' */

/**
 * The whole application in front of a fake server.
 * @param {FakeServer} server
 * @param {{ session?: Session, path?: string }} [options] who is signed in already and where, as after a reload
 */
export function renderApp(server, { session, path = '/' } = {}) {
  if (session) window.sessionStorage.setItem('ict.session', JSON.stringify(session))
  const socket = new FakeSocket()
  const http = createHttpClient({ fetch: server.fetch })
  const sessionKeeper = createSessionKeeper({ http, storage: window.sessionStorage })
  const view = render(
    <MemoryRouter initialEntries={[path]}>
      <AuthProvider api={createApi(http)} sessionKeeper={sessionKeeper}>
        <App openSocket={socket.open} />
      </AuthProvider>
    </MemoryRouter>,
  )
  return { ...view, socket }
}
