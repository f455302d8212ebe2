import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts'

import { formatCount } from '../../../format/numbers.js'
import { AXIS, MARGIN, roundAxis, Y_WIDTH } from '../../chart/axes.js'

/** @import { FanPoint } from '../../../api/backtestTypes' */

/** Wide and narrow bands of what resampling gave, with the median. @param {{ fan: FanPoint[] }} props */
export default function FanChart({ fan }) {
  const points = fan.map(({ trade, p5, p25, p50, p75, p95 }) => ({ trade, wide: [p5, p95], narrow: [p25, p75], median: p50 }))
  const axis = roundAxis(fan.flatMap(({ p5, p95 }) => [p5, p95, 0]), 6, ' R')
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={points} margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis {...AXIS} dataKey="trade" type="number" domain={['dataMin', 'dataMax']} tickFormatter={formatCount} height={24} />
        <YAxis {...AXIS} width={Y_WIDTH} axisLine={false} {...axis} />
        <ReferenceLine y={0} stroke="var(--field)" strokeDasharray="4 4" />
        <Area dataKey="wide" type="linear" stroke="none" fill="var(--series-1)" fillOpacity={0.14} isAnimationActive={false} />
        <Area dataKey="narrow" type="linear" stroke="none" fill="var(--series-1)" fillOpacity={0.26} isAnimationActive={false} />
        <Line dataKey="median" type="linear" stroke="var(--series-1)" strokeWidth={1.75} dot={false} isAnimationActive={false} />
      </ComposedChart>
    </ResponsiveContainer>
  )
}
