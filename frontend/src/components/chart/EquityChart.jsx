import { Area, AreaChart, CartesianGrid, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

import { formatMoney, formatPercent } from '../../format/numbers.js'
import { formatFullUtc } from '../../format/times.js'
import { AXIS, MARGIN, roundAxis, Y_WIDTH } from './axes.js'
import { timeAxis } from './timeTicks.js'

/** @import { ChartPoint } from './equityPoints.js' */

const SYNC = 'equity'
/** Room for the lowest label above the panel below. */
const UPPER_MARGIN = { ...MARGIN, bottom: 8 }

/**
 * Equity above, drawdown below, on one time axis. No animation: each update paints once.
 * @param {{ points: ChartPoint[], initialBalance: number }} props
 */
export default function EquityChart({ points, initialBalance }) {
  const money = roundAxis(points.map(({ equity }) => equity), 6)
  const depth = roundAxis([0, ...points.map(({ drawdown }) => drawdown ?? 0)], 3, ' %')
  const time = timeAxis(points[0]?.time ?? 0, points.at(-1)?.time ?? 0)
  return (
    <div className="figures flex h-full flex-col">
      <div className="min-h-0 flex-[3]">
        <ResponsiveContainer width="100%" height="100%">
          <AreaChart data={points} syncId={SYNC} margin={UPPER_MARGIN} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis dataKey="time" type="number" domain={['dataMin', 'dataMax']} hide />
            <YAxis {...AXIS} width={Y_WIDTH} axisLine={false} {...money} />
            <ReferenceLine y={initialBalance} stroke="var(--field)" strokeDasharray="4 4" />
            <Tooltip content={<PointFacts />} isAnimationActive={false} cursor={{ stroke: 'var(--field)' }} />
            <Area dataKey="equity" type="linear" baseValue={money.domain[0]} stroke="var(--accent)" strokeWidth={1.75} fill="var(--accent)" fillOpacity={0.12} isAnimationActive={false} dot={false} />
          </AreaChart>
        </ResponsiveContainer>
      </div>
      <div className="min-h-0 flex-[1.4]">
        <ResponsiveContainer width="100%" height="100%">
          <AreaChart data={points} syncId={SYNC} margin={MARGIN} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis {...AXIS} dataKey="time" type="number" domain={['dataMin', 'dataMax']} {...time} interval="preserveStart" minTickGap={24} height={24} />
            <YAxis {...AXIS} width={Y_WIDTH} axisLine={false} {...depth} />
            <Tooltip content={() => null} isAnimationActive={false} cursor={{ stroke: 'var(--field)' }} />
            <Area dataKey="drawdown" type="linear" stroke="var(--down)" strokeWidth={1.25} fill="var(--down)" fillOpacity={0.16} isAnimationActive={false} dot={false} />
          </AreaChart>
        </ResponsiveContainer>
      </div>
    </div>
  )
}

/** @param {{ active?: boolean, payload?: readonly { payload?: ChartPoint }[] }} props filled in by Recharts */
function PointFacts({ active, payload }) {
  const point = payload?.[0]?.payload
  if (!active || !point) return null
  return (
    <div className="figures rounded-md border border-field bg-raised px-3 py-2 text-xs shadow-lg">
      <p className="text-muted">{formatFullUtc(point.time)}</p>
      <p className="text-sm font-semibold">{formatMoney(point.equity)} USDT</p>
      <p className="text-muted">drawdown {formatPercent(point.drawdown)}</p>
    </div>
  )
}
