import { expect, test } from 'vitest'

import { chartPoints } from '../../src/components/chart/equityPoints.js'
import { formatTimeTick, timeTicks } from '../../src/components/chart/timeTicks.js'
import { equity } from '../samples.js'

const at = Date.parse

test('ticks are round instants inside the period, named by day at midnight', () => {
  const ticks = timeTicks(at('2026-11-19T10:10:00Z'), at('2026-11-22T13:00:00Z'))
  expect(ticks.map(formatTimeTick)).toEqual(['12:00', '20 Nov', '12:00', '21 Nov', '12:00', '22 Nov', '12:00'])
})

test('a single point still has at most one tick', () => {
  expect(timeTicks(at('2026-11-19T10:10:30Z'), at('2026-11-19T10:10:30Z'))).toEqual([])
})

test('the account as it stands now follows the stored curve, its drawdown unknown', () => {
  const account = { marketTime: null, equity: 995, wallet: 990, openPnL: 5, openPnLPercent: 0.5, openR: 0.4, equityTime: '2026-11-22T12:30:00.000Z' }
  expect(chartPoints(equity.points, account).at(-1)).toEqual({ time: at('2026-11-22T12:30:00Z'), equity: 995, drawdown: null })
})

test('an account older than the stored curve adds nothing', () => {
  const account = { marketTime: null, equity: 995, wallet: 990, openPnL: 5, openPnLPercent: 0.5, openR: 0.4, equityTime: '2026-11-22T11:30:00.000Z' }
  expect(chartPoints(equity.points, account)).toHaveLength(2)
})
