import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Tooltip } from 'radix-ui'
import { useCallback, useState } from 'react'

import { ApiError } from '../api/errors.js'
import { useAuth } from '../contexts/AuthContext.jsx'
import { LiveProvider } from '../contexts/LiveContext.jsx'
import { ActiveTradesSection } from './dashboard/ActiveTradesSection.jsx'
import { EquitySection } from './dashboard/EquitySection.jsx'
import { HistorySection } from './dashboard/HistorySection.jsx'
import { KpiSection } from './dashboard/KpiSection.jsx'
import { ReadingsSection } from './dashboard/ReadingsSection.jsx'
import { DistributionSection, RecentSignalsSection } from './dashboard/SignalSections.jsx'
import { Shell } from './dashboard/Shell.jsx'

/** @import { OpenSocket } from '../api/liveConnection.js' */
/** @import { Session } from '../api/types' */

/** @param {{ session: Session, openSocket?: OpenSocket }} props */
export default function DashboardPage({ session, openSocket }) {
  const { api } = useAuth()
  const [queryClient] = useState(createQueryClient)
  // The client itself ends the session when the answer is 401; any other answer says nothing about it.
  const verifySession = useCallback(() => void queryClient.fetchQuery({ queryKey: ['me'], queryFn: () => api.me() }).catch(() => {}), [api, queryClient])
  return (
    <QueryClientProvider client={queryClient}>
      <LiveProvider token={session.token} verifySession={verifySession} openSocket={openSocket}>
        <Tooltip.Provider delayDuration={150}>
          <Shell email={session.user.email}>
            <h1 className="sr-only">Dashboard</h1>
            <div className="flex flex-col gap-4">
              <KpiSection />
              <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_24rem] xl:grid-rows-[auto_1fr]">
                <div className="flex min-w-0 flex-col gap-4">
                  <ActiveTradesSection />
                  <EquitySection />
                </div>
                <div className="flex min-w-0 flex-col gap-4 xl:row-span-2">
                  <ReadingsSection />
                  <DistributionSection />
                  <RecentSignalsSection />
                </div>
                <HistorySection />
              </div>
            </div>
          </Shell>
        </Tooltip.Provider>
      </LiveProvider>
    </QueryClientProvider>
  )
}

function createQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The server is ours and near: ask it even when the browser believes to be offline.
        networkMode: 'always',
        staleTime: 5_000,
        retry: (failures, error) => failures < 1 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
    },
  })
}
