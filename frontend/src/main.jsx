import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'

import { App } from './App.jsx'
import { createApi } from './api/endpoints.js'
import { createHttpClient } from './api/http.js'
import { createSessionKeeper } from './api/session.js'
import { AuthProvider } from './contexts/AuthContext.jsx'
import './styles.css'

const http = createHttpClient()
const sessionKeeper = createSessionKeeper({ http, storage: window.sessionStorage })
const root = /** @type {HTMLElement} */ (document.getElementById('root'))

createRoot(root).render(
  <StrictMode>
    <BrowserRouter>
      <AuthProvider api={createApi(http)} sessionKeeper={sessionKeeper}>
        <App />
      </AuthProvider>
    </BrowserRouter>
  </StrictMode>,
)
