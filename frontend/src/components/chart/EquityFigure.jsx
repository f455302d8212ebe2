import { lazy, Suspense, useId } from 'react'

import { formatMoney, formatPercent } from '../../format/numbers.js'
import { formatFullUtc } from '../../format/times.js'
import { Table } from '../ui/Table.jsx'

/** @import { ChartPoint } from './equityPoints.js' */

const EquityChart = lazy(() => import('./EquityChart.jsx'))

const TABLE_ROWS = 50
const COLUMNS = [{ text: 'Time' }, { text: 'Equity (USDT)', number: true }, { text: 'Drawdown', number: true }]

/**
 * The equity curve in a box of fixed height, with a summary and a table for those who cannot see it.
 * @param {{ points: ChartPoint[], initialBalance: number, maxDrawdown: number | null | undefined }} props
 */
export function EquityFigure({ points, initialBalance, maxDrawdown }) {
  const captionId = useId()
  return (
    <figure aria-labelledby={captionId} className="px-1 pt-2">
      <div role="img" aria-label="Equity curve" aria-describedby={captionId} className="h-80">
        <Suspense fallback={<EquitySkeleton />}>
          <EquityChart points={points} initialBalance={initialBalance} />
        </Suspense>
      </div>
      <figcaption id={captionId} className="sr-only">
        {summary(points, maxDrawdown)}
      </figcaption>
      <details className="px-3 py-2 text-xs text-muted">
        <summary>Show as a table</summary>
        <div className="mt-2 max-h-72 overflow-y-auto">
          <Table label="Equity points" columns={COLUMNS}>
            {points
              .slice(-TABLE_ROWS)
              .toReversed()
              .map(({ time, equity, drawdown }) => (
                <tr key={time}>
                  <th scope="row">{formatFullUtc(time)}</th>
                  <td className="number">{formatMoney(equity)}</td>
                  <td className="number">{formatPercent(drawdown)}</td>
                </tr>
              ))}
          </Table>
        </div>
      </details>
    </figure>
  )
}

export function EquitySkeleton() {
  return <div className="skeleton mx-3 h-[19.5rem]" />
}

/**
 * @param {ChartPoint[]} points
 * @param {number | null | undefined} maxDrawdown
 */
function summary(points, maxDrawdown) {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last) return 'Equity curve without points.'
  return `Equity curve from ${formatMoney(first.equity)} USDT at ${formatFullUtc(first.time)} to ${formatMoney(last.equity)} USDT at ${formatFullUtc(last.time)}. Maximum drawdown ${formatPercent(maxDrawdown)}.`
}
