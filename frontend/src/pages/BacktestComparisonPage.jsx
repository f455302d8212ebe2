import { Navigate, useSearchParams } from 'react-router'

import { Comparison } from '../components/backtests/compare/Comparison.jsx'
import { ErrorNotice } from '../components/ui/Notices.jsx'
import { useBacktestRuns } from '../hooks/useBacktests.js'
import { PageHeader } from './backtests/PageHeader.jsx'

const FEWEST = 2
const MOST = 4

/** Which runs stands in the address, so that a reload and a link keep it. */
export default function BacktestComparisonPage() {
  const [search] = useSearchParams()
  const ids = [...new Set((search.get('runs') ?? '').split(','))].filter((id) => /^\d+$/.test(id)).slice(0, MOST)
  if (ids.length < FEWEST) return <Navigate to="/backtests" replace />
  return (
    <div className="flex flex-col gap-4">
      <PageHeader title={`${ids.length} backtests side by side`} back={{ to: '/backtests', text: 'All backtests' }}>
        The best of several runs looks better than it is: the more are tried, the more luck the best one holds.
      </PageHeader>
      <Runs ids={ids} />
    </div>
  )
}

/** @param {{ ids: string[] }} props */
function Runs({ ids }) {
  const { jobs, reports } = useBacktestRuns(ids)
  const failed = [...jobs, ...reports].filter(({ error }) => error)
  const runs = jobs.flatMap(({ data }, index) => {
    const report = reports[index]?.data
    return data && report ? [{ job: data.job, report }] : []
  })
  if (runs.length === ids.length) return <Comparison runs={runs} />
  if (failed[0]) return <ErrorNotice what="One of the runs" error={failed[0].error} onRetry={() => failed.forEach(({ refetch }) => void refetch())} />
  return <div aria-busy="true" className="skeleton h-dvh" />
}
