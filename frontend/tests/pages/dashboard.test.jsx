import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'

import { FakeServer } from '../fakes.js'
import { renderApp } from '../render.jsx'
import { closedTrade, emptyAnswers, loadedAnswers, monitor, openTrade, prices, session, stats } from '../samples.js'
import { brokenRules } from './axe.js'

const UNAVAILABLE = [503, { error: { code: 'unavailable', message: 'The database is busy.', details: { errorId: '9f2c' } } }]

/** @param {Record<string, unknown>} [answers] */
async function openDashboard(answers = loadedAnswers()) {
  const server = new FakeServer(answers)
  const app = renderApp(server, { session })
  await screen.findByRole('region', { name: 'Active trades' })
  act(() => {
    app.socket.receive('connect')
    app.socket.receive('hello', { newestEventId: 40 })
  })
  return { ...app, server }
}

/** @param {string} name */
const kpi = (name) => screen.getByRole('group', { name })

describe('the dashboard', () => {
  test('shows the server’s figures as they are', async () => {
    const { container } = await openDashboard()
    expect(kpi('Equity')).toHaveTextContent('1,234.50')
    expect(kpi('Win rate')).toHaveTextContent('62.5 %')
    expect(kpi('Profit factor')).toHaveTextContent('1.85')
    expect(kpi('Max drawdown')).toHaveTextContent('5.2 %')
    expect(kpi('Sortino')).toHaveTextContent('—')
    expect(kpi('Win rate')).not.toHaveTextContent('not enough trades')
    expect(await screen.findByRole('row', { name: 'BTCUSDT long, trade 7' })).toHaveTextContent('64,000.00')
    expect(await screen.findByRole('row', { name: 'ETHUSDT short, trade 3' })).toHaveTextContent('\u221210.25')
    expect(screen.getByText('8.00 USDT at risk down to the stops, 0.7 % of equity')).toBeVisible()
    const chart = screen.getByRole('img', { name: 'Equity curve' })
    await waitFor(() => expect(chart.querySelectorAll('path.recharts-area-curve')).toHaveLength(2))
    expect(chart).toHaveAccessibleDescription(/from 1,000.00 USDT .* to 990.00 USDT .* Maximum drawdown 5.2 %/)
    expect(screen.getByRole('group', { name: 'Buy and sell' })).toHaveTextContent('Buy5Sell4')
    const zones = within(screen.getByRole('table', { name: 'Signals by kill zone' })).getAllByRole('row')
    expect(zones.slice(1).map((row) => row.textContent)).toEqual(['London open6321+1.25', 'Between them3000—'])
    expect(screen.getByRole('row', { name: 'ICT 2022 9 3 2 1 +1.25' })).toBeVisible()
    expect(screen.getByText('Waiting for a sweep of liquidity.')).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })

  test('says unmistakably that the market is simulated', async () => {
    await openDashboard()
    expect(screen.getByText('SIMULATED MARKET — prices are generated, not real')).toBeVisible()
    expect(within(screen.getByRole('region', { name: 'Status' })).getByText('SIMULATED')).toBeVisible()
  })

  test('says PAPER, without the banner, on real prices', async () => {
    const real = { environment: 'paper', marketData: 'bybit', simulated: false }
    await openDashboard({ ...loadedAnswers(), 'GET /api/health': { status: 'ok', version: '1', mode: 'paper', ...real, monitor: { ...monitor, ...real } } })
    expect(screen.getByText('PAPER')).toBeVisible()
    expect(screen.queryByText(/SIMULATED MARKET/)).toBeNull()
  })

  test('says so while there are not enough trades, and shows the value all the same', async () => {
    await openDashboard({ ...loadedAnswers(), 'GET /api/dashboard/stats': { ...stats, totalTrades: 12 } })
    expect(kpi('Win rate')).toHaveTextContent('62.5 %not enough trades')
  })

  test('defines a figure on focus', async () => {
    await openDashboard()
    act(() => screen.getByRole('button', { name: 'Profit factor' }).focus())
    expect(await screen.findByRole('tooltip')).toHaveTextContent('Money won divided by money lost')
    expect(screen.getByRole('tooltip')).toHaveTextContent('n = 45 closed trades')
  })

  test('explains every panel that is empty', async () => {
    const { container } = await openDashboard(emptyAnswers())
    expect(await screen.findByText('No open trades.')).toBeVisible()
    expect(screen.getByText('No closed trades yet.')).toBeVisible()
    expect(screen.getByText('No equity recorded yet.')).toBeVisible()
    expect(screen.getAllByText('No signals yet.')).toHaveLength(2)
    expect(screen.getByText('The monitor has not reported yet.')).toBeVisible()
    expect(kpi('Win rate')).toHaveTextContent('—')
    expect(await brokenRules(container)).toEqual([])
  })

  test('names what failed, and a retry brings it back', async () => {
    /** @type {Record<string, unknown>} */
    const answers = { ...loadedAnswers(), 'GET /api/dashboard/trades': UNAVAILABLE }
    const { container } = await openDashboard(answers)
    const history = screen.getByRole('region', { name: 'Trade history' })
    expect(await within(history).findByText('unavailable · 503 · 9f2c')).toBeVisible()
    expect(history).toHaveTextContent('The trade history could not be loaded. The database is busy.')
    expect(await brokenRules(container)).toEqual([])
    answers['GET /api/dashboard/trades'] = loadedAnswers()['GET /api/dashboard/trades']
    await userEvent.click(within(history).getByRole('button', { name: 'Retry' }))
    expect(await within(history).findByRole('row', { name: 'ETHUSDT short, trade 3' })).toBeVisible()
  })

  test('asks the server for another page and another size', async () => {
    const { server } = await openDashboard()
    const history = screen.getByRole('region', { name: 'Trade history' })
    await userEvent.click(await within(history).findByRole('button', { name: 'Next page' }))
    await userEvent.click(within(history).getByRole('radio', { name: '50' }))
    await waitFor(() => {
      const asked = server.requestsFor('GET /api/dashboard/trades').map(({ url }) => url.search)
      expect(asked).toContain('?page=2&limit=25')
      expect(asked.at(-1)).toBe('?page=1&limit=50')
    })
  })

  test('opens a refused signal with its reasons and its points', async () => {
    await openDashboard()
    const list = screen.getByRole('list', { name: 'Recent signals' })
    await userEvent.click(within(list).getByRole('button', { name: /SOLUSDT/ }))
    const details = screen.getByRole('dialog', { name: 'SOLUSDT signal' })
    expect(details).toHaveTextContent('Reward to risk 1.6 is under 2.0.')
    expect(within(details).getByRole('row', { name: 'Sweep 14' })).toBeVisible()
    expect(within(details).getByRole('row', { name: 'Score of 100 47' })).toBeVisible()
    await userEvent.click(within(details).getByRole('button', { name: 'Close details' }))
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe('the live dashboard', () => {
  test('moves price, P&L and equity with the market', async () => {
    const { socket } = await openDashboard()
    const row = await screen.findByRole('row', { name: 'BTCUSDT long, trade 7' })
    act(() => socket.receive('price', prices))
    expect(row).toHaveTextContent('\u22124.00')
    expect(row).toHaveTextContent('63,900.00')
    expect(kpi('Equity')).toHaveTextContent('1,230.50')
    expect(kpi('Open P&L')).toHaveTextContent('\u22124.00')
  })

  test('adds an opened trade at once and takes a closed one away', async () => {
    const { socket } = await openDashboard()
    const panel = screen.getByRole('region', { name: 'Active trades' })
    await within(panel).findByRole('row', { name: 'BTCUSDT long, trade 7' })
    act(() => socket.receive('trade_opened', { id: 41, time: '', trade: { ...openTrade, id: 8, symbol: 'SOLUSDT' } }))
    expect(await within(panel).findByRole('row', { name: 'SOLUSDT long, trade 8' })).toBeVisible()
    act(() => socket.receive('trade_closed', { id: 42, time: '', trade: { ...closedTrade, id: 7, symbol: 'BTCUSDT' } }))
    await waitFor(() => expect(within(panel).queryByRole('row', { name: 'BTCUSDT long, trade 7' })).toBeNull())
    expect(screen.getByRole('log', { name: 'Fills' })).toHaveTextContent('Closed short BTCUSDT at stop: \u221210.25 USDT')
  })

  test('reads statistics, history and equity again after a trade closed', async () => {
    const { socket, server } = await openDashboard()
    await screen.findByRole('row', { name: 'BTCUSDT long, trade 7' })
    const before = server.requests.length
    act(() => socket.receive('trade_closed', { id: 41, time: '', trade: closedTrade }))
    await waitFor(() => {
      const asked = server.requests.slice(before).map(({ key }) => key)
      for (const read of ['stats', 'trades', 'equity', 'active-trades', 'signals']) expect(asked).toContain(`GET /api/dashboard/${read}`)
    })
  })

  test('says that it is disconnected, keeps the last figures, and asks for what it missed', async () => {
    const { socket, container } = await openDashboard()
    act(() => socket.receive('trade_updated', { id: 44, time: '', trade: openTrade }))
    act(() => socket.receive('disconnect', 'transport close'))
    expect(screen.getByRole('status', { name: 'Connection' })).toHaveTextContent('Your bot keeps trading on the server.')
    expect(screen.getByRole('row', { name: 'BTCUSDT long, trade 7' })).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
    await userEvent.click(screen.getByRole('button', { name: 'Try now' }))
    expect(socket.attempts.at(-1)).toEqual({ token: 'token-1', lastEventId: 44 })
    act(() => socket.receive('connect'))
    expect(screen.getByRole('status', { name: 'Connection' })).toHaveTextContent('Connected again.')
  })

  test('does not claim that the bot trades when the server answers nothing at all', async () => {
    const answers = loadedAnswers()
    const { socket } = await openDashboard(answers)
    answers['GET /api/health'] = new Error('no network')
    act(() => socket.receive('disconnect', 'transport close'))
    expect(await screen.findByText(/^The server does not answer: .* cannot be seen from here\.$/)).toBeVisible()
    expect(screen.getByRole('region', { name: 'Status' })).toHaveTextContent('No answerlast: running')
  })

  test('marks figures as last known when the market data stands still', async () => {
    const { socket } = await openDashboard()
    act(() => socket.receive('price', prices))
    act(() => socket.receive('monitor_status', { ...monitor, state: 'stale', detail: 'No candle for 42 s.', dataAgeMs: 42_000 }))
    expect(kpi('Equity')).toHaveTextContent('last known')
    expect(screen.getByRole('region', { name: 'Active trades' })).toHaveTextContent(/last known, 42 s old/)
    expect(screen.getByRole('region', { name: 'Status' })).toHaveTextContent('Stale data')
    expect(kpi('Today’s P&L')).toHaveTextContent('last known')
    act(() => socket.receive('monitor_status', { ...monitor, state: 'stale', detail: 'No candle for 43 s.', dataAgeMs: 43_000, entriesPaused: 'market data is stale' }))
    expect(screen.getByText('No candle for 43 s. New entries are paused: market data is stale')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Close BTCUSDT long, trade 7' }))
    expect(screen.getByRole('dialog', { name: 'Close BTCUSDT long?' })).toHaveTextContent('that price is the last known')
  })

  test('returns to the login with a reason when the server ends the session', async () => {
    const answers = loadedAnswers()
    const { socket } = await openDashboard(answers)
    answers['GET /api/auth/me'] = [401, { error: { code: 'unauthenticated', message: 'The session has ended; sign in again.' } }]
    act(() => socket.receive('connect_error', new Error('unauthorized')))
    expect(await screen.findByText('The session has ended; sign in again.')).toBeVisible()
  })
})
