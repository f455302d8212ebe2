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
 * The whole application in front of a fake server, opened at `/`.
 * @param {FakeServer} server
 * @param {{ session?: Session }} [options] who is signed in already, as after a reload
 */
export function renderApp(server, { session } = {}) {
  if (session) window.sessionStorage.setItem('ict.session', JSON.stringify(session))
  const socket = new FakeSocket()
  const http = createHttpClient({ fetch: server.fetch })
  const sessionKeeper = createSessionKeeper({ http, storage: window.sessionStorage })
  const view = render(
    <MemoryRouter>
      <AuthProvider api={createApi(http)} sessionKeeper={sessionKeeper}>
        <App openSocket={socket.open} />
      </AuthProvider>
    </MemoryRouter>,
  )
  return { ...view, socket }
}
