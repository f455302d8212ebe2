import { useEffect, useState } from 'react'
import { useLocation } from 'react-router'

import { KpiRowSkeleton } from '../../components/performance/KpiRow.jsx'
import { useActiveTrades, useEquity, useHealth, useMonitor, useSignals, useStats } from '../../hooks/useDashboardData.js'
import { useWideScreen } from '../../hooks/useMediaQuery.js'
import { ActiveTradesSection } from './ActiveTradesSection.jsx'
import { EquitySection } from './EquitySection.jsx'
import { HistorySection } from './HistorySection.jsx'
import { KpiSection } from './KpiSection.jsx'
import { ReadingsSection } from './ReadingsSection.jsx'
import { DistributionSection, RecentSignalsSection } from './SignalSections.jsx'

const LONGEST_WAIT_MS = 1_500
const COLUMNS = 'grid gap-4 xl:grid-cols-[minmax(0,1fr)_24rem] xl:grid-rows-[auto_1fr]'

/**
 * Everything the dashboard shows. The panels appear together once their first answers are in, so
 * that none pushes another away; a slow answer holds the others back for a moment only.
 */
export function Overview() {
  return useFirstAnswers() ? <Panels /> : <PanelsSkeleton />
}

function useFirstAnswers() {
  const [ready, setReady] = useState(false)
  const queries = [useHealth(), useStats(), useActiveTrades(), useEquity(null), useSignals()]
  const monitor = useMonitor()
  // Readings come by the live connection, a moment later than the rest: without them the panels below would move.
  const read = monitor === null || monitor.symbols.length > 0
  const answered = read && queries.every(({ isPending, isPlaceholderData }) => !isPending && !isPlaceholderData)
  if (answered && !ready) setReady(true)
  useEffect(() => {
    const timer = setTimeout(() => setReady(true), LONGEST_WAIT_MS)
    return () => clearTimeout(timer)
  }, [])
  return ready
}

/** Brings the section that the address names into view, once there are sections. */
function useNamedSection() {
  const { hash, key } = useLocation()
  useEffect(() => {
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView()
  }, [hash, key])
}

/** On a phone the open trades come before the statistics: both do not fit on the first screen. */
function Panels() {
  useNamedSection()
  const wide = useWideScreen()
  return (
    <div className="flex flex-col gap-4">
      <KpiSection part={wide ? 'both' : 'account'} />
      <div className={COLUMNS}>
        <div className="flex min-w-0 flex-col gap-4">
          <ActiveTradesSection />
          {!wide && <KpiSection part="performance" />}
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
  )
}

function PanelsSkeleton() {
  const wide = useWideScreen()
  return (
    <div aria-busy="true" className="flex flex-col gap-4">
      <p className="sr-only">Loading the dashboard</p>
      <div className="overflow-hidden rounded-xl border border-line">
        <KpiRowSkeleton part={wide ? 'both' : 'account'} />
      </div>
      <div className={COLUMNS}>
        <div className="flex flex-col gap-4">
          <div className="skeleton h-52" />
          <div className="skeleton h-[25.5rem]" />
        </div>
        <div className="flex flex-col gap-4 xl:row-span-2">
          <div className="skeleton h-72" />
          <div className="skeleton h-96" />
        </div>
        <div className="skeleton h-96" />
      </div>
    </div>
  )
}
