import { useState } from 'react'
import { useLocation } from 'react-router'

import { ConnectionBanner, SimulatedBanner } from '../components/layout/Banners.jsx'
import { FillNotices } from '../components/layout/FillNotices.jsx'
import { Header } from '../components/layout/Header.jsx'
import { modeWord } from '../components/layout/ModeBadge.jsx'
import { StatusStrip } from '../components/layout/StatusStrip.jsx'
import { useAuth } from '../contexts/AuthContext.jsx'
import { useConnectNow, useLive } from '../contexts/LiveContext.jsx'
import { killZoneWords } from '../format/words.js'
import { useHealth, useMonitor } from '../hooks/useDashboardData.js'
import { StopControl } from './StopControl.jsx'

/** @import { ReactNode } from 'react' */

const PAGE_NAMES = new Map([
  ['', 'Dashboard'],
  ['account', 'Account'],
  ['backtests', 'Backtests'],
  ['notifications', 'Notifications'],
])

/**
 * What surrounds every page: header, status, banners and announcements.
 * @param {{ email: string, children: ReactNode }} props
 */
export function Shell({ email, children }) {
  const { logout } = useAuth()
  const { data: health, isError } = useHealth()
  const monitor = useMonitor()
  const connection = useLive('connection')
  const freshness = useLive('freshness')
  const notices = useLive('notices') ?? []
  const connectNow = useConnectNow()
  const wasLost = useWasLost(connection?.status)
  const silent = isError && (connection?.lost ?? false)
  const source = health ?? monitor
  const mode = source ? modeWord(source) : null
  const page = PAGE_NAMES.get(useLocation().pathname.split('/')[1] ?? '') ?? 'No such page'
  const killZone = monitor?.symbols.map((symbol) => killZoneWords(symbol.killZone)).find(Boolean) ?? null
  return (
    <>
      <title>{`${page}${mode ? ` (${mode})` : ''} · ICT Trading System`}</title>
      <a href="#main" className="sr-only z-50 rounded-md bg-accent px-4 py-2 font-semibold text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
        Skip to the content
      </a>
      <Header email={email} onLogout={() => void logout()} />
      <section aria-label="Status" className="z-30 [@media(min-height:32rem)]:sticky [@media(min-height:32rem)]:top-0">
        {source?.simulated && <SimulatedBanner />}
        <StatusStrip mode={mode} connection={connection} freshness={freshness} monitor={monitor} silent={silent} killZone={killZone} control={<StopControl />} />
        <ConnectionBanner connection={connection} wasLost={wasLost} silent={silent} onConnectNow={connectNow} />
      </section>
      <main id="main" tabIndex={-1} className="mx-auto max-w-[100rem] p-4 outline-none">
        {children}
      </main>
      <footer className="mx-auto max-w-[100rem] px-4 pb-6 text-xs text-faint">
        {health && `ICT Trading System ${health.version} · ${health.environment} environment · `}all times in UTC unless another zone is named
      </footer>
      <FillNotices notices={notices} />
    </>
  )
}

/**
 * Whether the connection has been lost at least once: before that, connecting is no news.
 * @param {string | undefined} status
 */
function useWasLost(status) {
  const [wasLost, setWasLost] = useState(false)
  if (status === 'disconnected' && !wasLost) setWasLost(true)
  return wasLost
}
