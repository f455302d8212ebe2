import { expect, test } from 'vitest'

import { chartPoints } from '../../src/components/chart/equityPoints.js'
import { roundAxis, roundTicks } from '../../src/components/chart/axes.js'
import { formatTimeTick, timeAxis, timeTicks } from '../../src/components/chart/timeTicks.js'
import { equity } from '../samples.js'

const at = Date.parse

test('ticks are round instants inside the period, named by day at midnight', () => {
  const ticks = timeTicks(at('2026-11-19T10:10:00Z'), at('2026-11-22T13:00:00Z'))
  expect(ticks.map(formatTimeTick)).toEqual(['12:00', '20 Nov', '12:00', '21 Nov', '12:00', '22 Nov', '12:00'])
})

test('long periods are cut at the first days of months, named with their year', () => {
  const { ticks, tickFormatter } = timeAxis(at('2025-09-24T00:00:00Z'), at('2026-07-21T17:00:00Z'))
  expect(ticks.map(tickFormatter)).toEqual(['Nov 2025', 'Jan 2026', 'Mar 2026', 'May 2026', 'Jul 2026'])
  const century = timeAxis(at('1926-01-01T00:00:00Z'), at('2026-01-01T00:00:00Z'))
  expect(century.ticks.length).toBeLessThan(12)
})

test('values are enclosed by round ticks, written with no more decimals than they need', () => {
  expect(roundTicks([904.5, 1061], 6)).toEqual([900, 950, 1000, 1050, 1100])
  expect(roundTicks([-15.6, 0], 3)).toEqual([-20, -10, 0])
  expect(roundTicks([1000], 6)).toHaveLength(2)
  const { ticks, tickFormatter } = roundAxis([1000.2, 1001.9], 6, ' %')
  expect(ticks.map(tickFormatter)).toEqual(['1,000.0 %', '1,000.5 %', '1,001.0 %', '1,001.5 %', '1,002.0 %'])
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
