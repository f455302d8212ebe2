import { act, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'

import { FakeServer } from '../fakes.js'
import { renderApp } from '../render.jsx'
import { loadedAnswers, openTrade, session } from '../samples.js'
import { brokenRules } from './axe.js'

const COMMANDS = 'POST /api/monitor/commands'
const SENTENCE = 'The stop of BTCUSDT long was moved from 63800 to 63900.'

/** Opens the details of the open trade. @param {string} sentence what the engine answers */
async function openForm(sentence = SENTENCE) {
  const server = new FakeServer({ ...loadedAnswers(), [COMMANDS]: [202, { command: { id: 5, outcome: 'done', sentence } }] })
  const app = renderApp(server, { session })
  await userEvent.click(await screen.findByRole('button', { name: /details of trade 7$/ }))
  return { server, ...app, form: screen.getByRole('region', { name: 'Move stop or target' }) }
}

/** @param {FakeServer} server */
const wish = (server) => server.requestsFor(COMMANDS)[0]?.body

describe('moving a stop or a target', () => {
  test('says what it means, asks by keyboard alone and shows the answer', async () => {
    const { server, socket, container, form } = await openForm()
    await userEvent.type(within(form).getByLabelText('New stop, now 63,800.00'), '63,900{Enter}')
    const dialog = screen.getByRole('dialog', { name: 'Move the stop of BTCUSDT long?' })
    expect(dialog).toHaveTextContent('From 63,800.00 to 63,900.00.')
    expect(dialog).toHaveTextContent('about \u22124.00 USDT (\u22120.40 R) before fees')
    expect(wish(server)).toBeUndefined()
    expect(await brokenRules(container)).toEqual([])
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    expect(await within(dialog).findByText(SENTENCE)).toBeVisible()
    expect(wish(server)).toEqual({ type: 'move_stop', signalId: openTrade.signalId, price: 63900 })
    act(() => {
      socket.receive('connect')
      socket.receive('hello', { newestEventId: 40 })
      socket.receive('trade_updated', { id: 41, time: '', trade: { ...openTrade, stopLoss: 63900 } })
    })
    expect(await within(form).findByLabelText('New stop, now 63,900.00')).toBeInTheDocument()
    expect(dialog).toHaveTextContent('From 63,800.00 to 63,900.00.')
  })

  test('to break-even leaves the price to the engine, which knows the fees', async () => {
    const { server, form } = await openForm('The stop of BTCUSDT long was moved from 63800 to 64060.5.')
    await userEvent.click(within(form).getByRole('button', { name: 'Break-even' }))
    const dialog = screen.getByRole('dialog', { name: 'Move the stop of BTCUSDT long?' })
    expect(dialog).toHaveTextContent('to the entry price 64,000.00 with fees counted in')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Move stop' }))
    expect(await within(dialog).findByText(/to 64060.5/)).toBeVisible()
    expect(wish(server)).toEqual({ type: 'move_stop', signalId: openTrade.signalId, breakEven: true })
  })

  test('a target is moved by its own field', async () => {
    const { server, form } = await openForm('The target of BTCUSDT long was moved from 64500 to 64600.')
    await userEvent.type(within(form).getByLabelText('New target, now 64,500.00'), '64600')
    await userEvent.click(within(form).getByRole('button', { name: 'Move target' }))
    const dialog = screen.getByRole('dialog', { name: 'Move the target of BTCUSDT long?' })
    await userEvent.click(within(dialog).getByRole('button', { name: 'Move target' }))
    expect(await within(dialog).findByText(/to 64600/)).toBeVisible()
    expect(wish(server)).toEqual({ type: 'move_target', signalId: openTrade.signalId, price: 64600 })
  })

  test.each(['', 'near', '-5'])('asks for nothing when the price is %j', async (text) => {
    const { server, form } = await openForm()
    const field = within(form).getByLabelText('New stop, now 63,800.00')
    await userEvent.type(field, `${text}{Enter}`)
    expect(field).toHaveAccessibleDescription('Enter a price above zero, like 64000.5.')
    expect(screen.queryByRole('dialog', { name: /^Move/ })).toBeNull()
    expect(wish(server)).toBeUndefined()
  })

  test('what was moved elsewhere shows at once, with a word about it', async () => {
    const { socket, form } = await openForm()
    const trade = { ...openTrade, stopLoss: 63950 }
    act(() => {
      socket.receive('connect')
      socket.receive('hello', { newestEventId: 40 })
      socket.receive('trade_updated', { id: 41, time: '', trade })
      socket.receive('stop_moved', { id: 42, time: '', trade, move: { stop: { from: 63800, to: 63950 }, target: null, by: 'exchange' } })
    })
    expect(await within(form).findByLabelText('New stop, now 63,950.00')).toBeVisible()
    expect(screen.getByText('Moved long BTCUSDT: stop to 63,950.00, on the exchange')).toBeInTheDocument()
  })
})
