import { KpiRow, KpiRowSkeleton } from '../../components/performance/KpiRow.jsx'
import { QueryContent } from '../../components/ui/QueryContent.jsx'
import { useLive } from '../../contexts/LiveContext.jsx'
import { useStats } from '../../hooks/useDashboardData.js'

/** @import { KpiPart } from '../../components/performance/KpiRow.jsx' */

/** @param {{ part: KpiPart }} props */
export function KpiSection({ part }) {
  const account = useLive('account')
  const lastKnown = useLive('freshness')?.level === 'stale'
  return (
    <section aria-label={part === 'performance' ? 'Performance' : 'Key figures'} className="overflow-hidden rounded-xl border border-line bg-surface">
      <QueryContent what="The key figures" query={useStats()} skeleton={<KpiRowSkeleton part={part} />}>
        {(stats) => <KpiRow stats={stats} account={account} lastKnown={lastKnown} part={part} />}
      </QueryContent>
    </section>
  )
}
