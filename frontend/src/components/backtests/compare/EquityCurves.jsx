import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts'

import { AXIS, MARGIN, roundAxis, Y_WIDTH } from '../../chart/axes.js'
import { timeAxis } from '../../chart/timeTicks.js'
import { CURVES } from './curves.js'

/** Equity of several runs on one axis of time. @param {{ curves: { time: number, equity: number }[][] }} props */
export default function EquityCurves({ curves }) {
  const times = curves.flat().map(({ time }) => time)
  const from = Math.min(...times)
  const until = Math.max(...times)
  const money = roundAxis(curves.flat().map(({ equity }) => equity), 6)
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart margin={MARGIN} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis {...AXIS} dataKey="time" type="number" domain={[from, until]} allowDuplicatedCategory={false} {...timeAxis(from, until)} interval="preserveStart" minTickGap={24} height={24} />
        <YAxis {...AXIS} width={Y_WIDTH} axisLine={false} {...money} />
        {curves.map((points, index) => {
          const { stroke, dash } = CURVES[index % CURVES.length] ?? { stroke: 'var(--ink)', dash: '' }
          return <Line key={stroke} data={points} dataKey="equity" type="linear" stroke={stroke} strokeDasharray={dash} strokeWidth={1.75} dot={false} isAnimationActive={false} />
        })}
      </LineChart>
    </ResponsiveContainer>
  )
}
