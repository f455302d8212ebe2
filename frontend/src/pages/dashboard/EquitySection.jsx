import { useState } from 'react'

import { EquityFigure, EquitySkeleton } from '../../components/chart/EquityFigure.jsx'
import { chartPoints } from '../../components/chart/equityPoints.js'
import { Choice } from '../../components/ui/Choice.jsx'
import { Panel } from '../../components/ui/Panel.jsx'
import { QueryContent } from '../../components/ui/QueryContent.jsx'
import { useLiveEverySecond } from '../../contexts/LiveContext.jsx'
import { useEquity, useStats } from '../../hooks/useDashboardData.js'

const PERIODS = [
  { value: 1, text: '1 d' },
  { value: 7, text: '7 d' },
  { value: 30, text: '30 d' },
  { value: null, text: 'All' },
]

export function EquitySection() {
  const [days, setDays] = useState(/** @type {number | null} */ (null))
  const account = useLiveEverySecond('account')
  const maxDrawdown = useStats().data?.maxDrawdown
  return (
    <Panel id="equity" title="Equity" note="USDT and drawdown, times in UTC" actions={<Choice label="Period" name="equity-period" options={PERIODS} value={days} onChange={setDays} />}>
      <div className="min-h-[22.5rem]">
        <QueryContent
          what="The equity curve"
          query={useEquity(days)}
          skeleton={<div className="px-1 pt-2"><EquitySkeleton /></div>}
          isEmpty={({ points }) => points.length === 0}
          empty={{ title: 'No equity recorded yet.', text: 'The first point is stored when the monitor has processed its first closed candle.' }}
          emptyClassName="min-h-[22.5rem]"
        >
          {(curve) => <EquityFigure points={chartPoints(curve.points, account)} initialBalance={curve.initialBalance} maxDrawdown={maxDrawdown} />}
        </QueryContent>
      </div>
    </Panel>
  )
}
