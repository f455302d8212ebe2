import { useEffect, useState } from 'react'

import { ApiError, errorSentence, refusedFields } from '../api/errors.js'
import { rememberHealth } from '../api/healthMemory.js'
import { LoginForm } from '../components/login/LoginForm.jsx'
import { Logo } from '../components/layout/Logo.jsx'
import { ModeBadge, modeWord } from '../components/layout/ModeBadge.jsx'
import { useAuth } from '../contexts/AuthContext.jsx'

/** @import { Health } from '../api/types' */

export function LoginPage() {
  const { login, register, notice } = useAuth()
  const { health, failure } = useServerState()
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <title>Log in · ICT Trading System</title>
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center gap-3">
          <Logo />
          <h1 className="text-lg font-semibold">ICT Trading System</h1>
          {health && (
            <span className="ml-auto">
              <ModeBadge word={modeWord(health)} />
            </span>
          )}
        </div>
        {notice && (
          <p role="status" className="mb-4 rounded-md border border-line border-l-4 border-l-accent bg-raised px-3 py-2">
            {notice}
          </p>
        )}
        <LoginForm login={login} register={register} explain={explain} />
        {failure && (
          <p role="status" className="mt-4 text-sm text-warn">
            {failure}
          </p>
        )}
      </div>
    </main>
  )
}

/** What is traded here, before anyone signs in; and whether the server answers at all. */
function useServerState() {
  const { api } = useAuth()
  const [state, setState] = useState(/** @type {{ health?: Health, failure?: string }} */ ({}))
  useEffect(() => {
    const abort = new AbortController()
    api.health(abort.signal).then(
      (health) => {
        rememberHealth(window.sessionStorage, health)
        setState({ health })
      },
      (error) => {
        if (!abort.signal.aborted) setState({ failure: `${errorSentence(error)} Is the API running?` })
      },
    )
    return () => abort.abort()
  }, [api])
  return state
}

/**
 * @param {unknown} error
 * @returns {{ message: string, field: 'email' | 'password' | null }}
 */
function explain(error) {
  if (!(error instanceof ApiError)) throw error
  if (error.status === 401) return { message: 'The email or the password is wrong.', field: null }
  const fields = refusedFields(error)
  return { message: error.message, field: fields.includes('password') ? 'password' : fields.includes('email') ? 'email' : null }
}
