import { describe, expect, test } from 'vitest'

import { withOpenTrade, withoutTrade, withSignal } from '../../src/contexts/cachePatches.js'
import { createFreshnessTracker } from '../../src/contexts/freshness.js'
import { createLiveStore, tradeKey } from '../../src/contexts/liveStore.js'
import { openTrade, prices, refusedSignal, signals } from '../samples.js'

describe('the age of the data', () => {
  test('is unknown before the first word', () => {
    expect(createFreshnessTracker().at(1_000, true)).toEqual({ level: 'unknown', ageSeconds: null })
  })

  test('grows from fresh over aging to stale', () => {
    const tracker = createFreshnessTracker()
    tracker.observePrices(50, 0)
    expect([3_000, 3_001, 15_001].map((now) => tracker.at(now, true).level)).toEqual(['fresh', 'aging', 'stale'])
  })

  test('is not renewed by a price that stands still', () => {
    const tracker = createFreshnessTracker()
    tracker.observePrices(50, 0)
    tracker.observePrices(50, 20_000)
    expect(tracker.at(20_000, true)).toEqual({ level: 'stale', ageSeconds: 20 })
  })

  test('starts at what the monitor says', () => {
    const tracker = createFreshnessTracker()
    tracker.observePrices(50, 0)
    tracker.observeMonitor(42_000, 0)
    expect(tracker.at(1_000, true)).toEqual({ level: 'stale', ageSeconds: 43 })
  })

  test('is never fresh without a connection', () => {
    const tracker = createFreshnessTracker()
    tracker.observePrices(50, 0)
    expect(tracker.at(100, false).level).toBe('aging')
  })
})

describe('the live store', () => {
  test('tells only the rows whose figures changed', () => {
    const store = createLiveStore()
    const [first] = prices.openTrades
    if (!first) throw new Error('The sample has an open trade.')
    const second = { ...first, id: 8 }
    store.applyPrices({ ...prices, openTrades: [first, second] })
    /** @type {number[]} */
    const told = []
    store.subscribe(tradeKey(7), () => told.push(7))
    store.subscribe(tradeKey(8), () => told.push(8))
    store.applyPrices({ ...prices, openTrades: [{ ...first }, { ...second, unrealizedPnL: 3 }] })
    expect(told).toEqual([8])
    expect(store.getTrade(8)?.unrealizedPnL).toBe(3)
  })

  test('tells nobody who has left', () => {
    const store = createLiveStore()
    let told = 0
    const leave = store.subscribe('account', () => (told += 1))
    leave()
    store.applyPrices(prices)
    expect(told).toBe(0)
  })
})

describe('what events change in what was read', () => {
  test('an opened trade is added once and then replaced', () => {
    const once = withOpenTrade({ trades: [], frozen: [] }, openTrade)
    const twice = withOpenTrade(once, { ...openTrade, funding: -1 })
    expect(twice.trades).toEqual([{ ...openTrade, funding: -1 }])
  })

  test('a closed trade leaves the open ones', () => {
    expect(withoutTrade({ trades: [openTrade], frozen: [] }, openTrade).trades).toEqual([])
  })

  test('a changed signal moves to the front without doubling', () => {
    const armed = { ...refusedSignal, signalId: 'other', status: /** @type {const} */ ('armed') }
    const summary = withSignal(withSignal(signals, armed), { ...armed, status: 'filled' })
    expect(summary.recent.map(({ signalId, status }) => [signalId, status])).toEqual([
      ['other', 'filled'],
      [refusedSignal.signalId, 'refused'],
    ])
  })
})
