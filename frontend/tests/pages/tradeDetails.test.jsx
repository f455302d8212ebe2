import { act, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'

import { FakeServer } from '../fakes.js'
import { renderApp } from '../render.jsx'
import { closedTrade, loadedAnswers, openTrade, prices, session } from '../samples.js'
import { brokenRules } from './axe.js'

const REASON = 'Sell-side liquidity was swept.'

/** Opens the details of a trade. @param {RegExp} name of its button */
async function openDetails(name) {
  const server = new FakeServer({
    ...loadedAnswers(),
    'GET /api/dashboard/active-trades': { trades: [{ ...openTrade, reasons: [REASON] }], frozen: [] },
  })
  const app = renderApp(server, { session })
  await userEvent.click(await screen.findByRole('button', { name }))
  return { ...app, drawer: screen.getByRole('dialog') }
}

describe('the details of a trade', () => {
  test('give its reasons, levels, costs and times', async () => {
    const { container, drawer } = await openDetails(/^BTCUSDT\s+Long\s*, details of trade 7$/)
    expect(drawer).toHaveAccessibleName('BTCUSDT trade')
    expect(within(drawer).getByText(REASON)).toBeVisible()
    expect(within(drawer).getByText('Stop').nextSibling).toHaveTextContent('63,800.00')
    expect(within(drawer).getByText('Fees (USDT)').nextSibling).toHaveTextContent('0.50')
    expect(within(drawer).getByText('22 Nov 2026, 12:00:00 UTC')).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })

  test('follow the price, and say so when the trade is over', async () => {
    const { drawer, socket } = await openDetails(/^BTCUSDT\s+Long\s*, details of trade 7$/)
    act(() => {
      socket.receive('connect')
      socket.receive('hello', { newestEventId: 40 })
      socket.receive('price', prices)
    })
    expect(drawer).toHaveTextContent('\u22124.00')
    act(() => socket.receive('trade_closed', { id: 41, time: closedTrade.exitTime, trade: { ...closedTrade, id: 7 } }))
    expect(await within(drawer).findByText(/This trade has closed since/)).toBeVisible()
    expect(within(drawer).queryByRole('button', { name: /Close BTCUSDT/ })).toBeNull()
  })

  test('of a closed one give its result and how long it was held', async () => {
    const { drawer } = await openDetails(/^ETHUSDT\s+Short\s*, details of trade 3$/)
    expect(drawer).toHaveTextContent('Closed: Stop')
    expect(within(drawer).getByText('Exit price').nextSibling).toHaveTextContent('3,100.50')
    expect(within(drawer).getByText('Held').nextSibling).toHaveTextContent('1 h 15 m')
  })

  test('stay open when a question asked from them is cancelled', async () => {
    const { drawer } = await openDetails(/^BTCUSDT\s+Long\s*, details of trade 7$/)
    await userEvent.click(within(drawer).getByRole('button', { name: 'Close BTCUSDT long, trade 7' }))
    const question = screen.getByRole('dialog', { name: 'Close BTCUSDT long?' })
    await userEvent.click(within(question).getByRole('button', { name: 'Cancel' }))
    expect(screen.queryByRole('dialog', { name: 'Close BTCUSDT long?' })).toBeNull()
    expect(drawer).toBeVisible()
  })
})
