import { QueryClientProvider } from '@tanstack/react-query'
import { Tooltip } from 'radix-ui'
import { useCallback, useState } from 'react'
import { Outlet } from 'react-router'

import { createQueryClient } from '../api/queryClient.js'
import { useAuth } from '../contexts/AuthContext.jsx'
import { LiveProvider } from '../contexts/LiveContext.jsx'
import { Shell } from './Shell.jsx'

/** @import { OpenSocket } from '../api/liveConnection.js' */
/** @import { Session } from '../api/types' */

/**
 * One live connection and one cache for all pages of a session: changing the page keeps both.
 * @param {{ session: Session, openSocket?: OpenSocket }} props
 */
export default function SignedInLayout({ session, openSocket }) {
  const { api } = useAuth()
  const [queryClient] = useState(createQueryClient)
  // The client itself ends the session when the answer is 401; any other answer says nothing about it.
  const verifySession = useCallback(() => void queryClient.fetchQuery({ queryKey: ['me'], queryFn: () => api.me() }).catch(() => {}), [api, queryClient])
  return (
    <QueryClientProvider client={queryClient}>
      <LiveProvider token={session.token} verifySession={verifySession} openSocket={openSocket}>
        <Tooltip.Provider delayDuration={150}>
          <Shell email={session.user.email}>
            <Outlet />
          </Shell>
        </Tooltip.Provider>
      </LiveProvider>
    </QueryClientProvider>
  )
}
