import { act, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'

import { FakeServer } from '../fakes.js'
import { renderApp } from '../render.jsx'
import { loadedAnswers, monitor, openTrade, prices, session } from '../samples.js'
import { brokenRules } from './axe.js'

const COMMANDS = 'POST /api/monitor/commands'
const COMMAND = 'GET /api/monitor/commands/5'

/** @param {string} sentence @param {string | null} outcome */
const answered = (sentence, outcome = 'done') => [202, { command: { id: 5, outcome, sentence: outcome && sentence, steps: [] } }]

/** @param {Record<string, unknown>} [answers] */
async function openDashboard(answers) {
  const server = new FakeServer({ ...loadedAnswers(), ...answers })
  const view = renderApp(server, { session })
  await screen.findByRole('button', { name: 'Close BTCUSDT long, trade 7' })
  return { server, ...view }
}

/** Opens the drawer and asks for something; returns the confirmation. @param {string} name */
async function askFor(name) {
  await userEvent.click(screen.getByRole('button', { name: /Stop trading|stop or resume/ }))
  await userEvent.click(screen.getByRole('button', { name }))
  return screen.getByRole('dialog', { name: `${name}?` })
}

describe('stopping', () => {
  test('one trade is closed only after saying what will happen', async () => {
    const { server, container } = await openDashboard({ [COMMANDS]: answered('The trade was closed at market.') })
    await userEvent.click(screen.getByRole('button', { name: 'Close BTCUSDT long, trade 7' }))
    const dialog = screen.getByRole('dialog', { name: 'Close BTCUSDT long?' })
    expect(dialog).toHaveTextContent('0.04 BTCUSDT is closed at the market price')
    expect(within(dialog).getByRole('button', { name: 'Cancel' })).toHaveFocus()
    expect(server.requestsFor(COMMANDS)).toEqual([])
    expect(await brokenRules(container)).toEqual([])
    await userEvent.click(within(dialog).getByRole('button', { name: 'Close at market' }))
    expect(await within(dialog).findByText('The trade was closed at market.')).toBeVisible()
    expect(server.requestsFor(COMMANDS)[0]?.body).toEqual({ type: 'close_trade', signalId: openTrade.signalId })
  })

  test('cancelling asks for nothing', async () => {
    const { server } = await openDashboard()
    const dialog = await askFor('Kill switch')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }))
    expect(screen.queryByRole('dialog', { name: 'Kill switch?' })).toBeNull()
    expect(screen.getByRole('dialog', { name: 'Stop trading' })).toBeVisible()
    expect(server.requestsFor(COMMANDS)).toEqual([])
  })

  test('the kill switch shows its numbers, wants a word, and tells every order until it is confirmed', async () => {
    const step = { kind: 'position', name: 'BTCUSDT', symbol: 'BTCUSDT', direction: 'long', quantity: 0.04, state: 'waiting', note: null }
    const entry = { ...step, kind: 'entry', name: 'o1', symbol: 'SOLUSDT', quantity: 3, state: 'done' }
    /** @param {object} changes */
    const told = (changes) => ({ command: { id: 5, outcome: null, sentence: null, steps: [], ...changes } })
    const { server, socket, container } = await openDashboard({
      [COMMANDS]: [202, told({})],
      [COMMAND]: told({ steps: [entry, { ...step, state: 'refused', note: 'Maintenance.' }] }),
    })
    act(() => {
      socket.receive('connect')
      socket.receive('price', prices)
    })
    const dialog = await askFor('Kill switch')
    expect(within(dialog).getByRole('button', { name: 'Cancel' })).toHaveFocus()
    const stake = await within(dialog).findByText('Position')
    expect(stake.parentElement?.parentElement).toHaveTextContent('Position1≈ 2,556.00 USDTResting entries2≈ 1,200.50 USDTOpen P&L (USDT)\u22124.00')
    expect(await brokenRules(container)).toEqual([])
    await userEvent.click(within(dialog).getByRole('button', { name: 'Kill switch' }))
    expect(dialog).toHaveTextContent('Hold it for 1.5 seconds, or type STOP.')
    expect(server.requestsFor(COMMANDS)).toEqual([])
    await userEvent.type(within(dialog).getByLabelText('Type STOP, or hold the button'), 'stop{Enter}')
    expect(await within(dialog).findByText('1 of 2 confirmed by the exchange.')).toBeVisible()
    expect(server.requestsFor(COMMANDS).map(({ body }) => body)).toEqual([{ type: 'kill', confirm: true }])
    const [withdrawn, closed] = within(dialog).getAllByRole('listitem')
    expect(withdrawn).toHaveTextContent('Withdraw long 3 SOLUSDTconfirmed')
    expect(closed).toHaveTextContent('Close long 0.04 BTCUSDTrefusedMaintenance.')
    expect(await brokenRules(container)).toEqual([])
    server.answers[COMMAND] = told({ steps: [entry, { ...step, state: 'done' }], outcome: 'done', sentence: 'Closed at market: BTCUSDT.' })
    expect(await within(dialog).findByText('Closed at market: BTCUSDT.')).toBeVisible()
  })

  test('held long enough by key the kill switch needs no word', async () => {
    const { server } = await openDashboard({ [COMMANDS]: answered('Closed at market: BTCUSDT.') })
    const dialog = await askFor('Kill switch')
    within(dialog).getByRole('button', { name: 'Kill switch' }).focus()
    await userEvent.keyboard('{Enter>}')
    expect(dialog).toHaveTextContent('Keep holding…')
    expect(server.requestsFor(COMMANDS)).toEqual([])
    expect(await within(dialog).findByText('Closed at market: BTCUSDT.')).toBeVisible()
  })

  test('without a live connection trades wait and the kill switch is tried until the server answers', async () => {
    const { server, socket } = await openDashboard({ [COMMANDS]: new Error('no network') })
    act(() => socket.receive('disconnect', 'transport close'))
    expect(screen.getByRole('button', { name: 'Close BTCUSDT long, trade 7' })).toBeDisabled()
    const dialog = await askFor('Kill switch')
    await userEvent.type(within(dialog).getByLabelText('Type STOP, or hold the button'), 'STOP{Enter}')
    expect(await within(dialog).findByText('The server cannot be reached. Trying again…')).toBeVisible()
    server.answers[COMMANDS] = answered('Closed at market: BTCUSDT.')
    expect(await within(dialog).findByText('Closed at market: BTCUSDT.')).toBeVisible()
  })

  test('a refusal is shown in the server’s words', async () => {
    const refused = [409, { error: { code: 'conflict', message: 'There is no open trade of it.' } }]
    await openDashboard({ [COMMANDS]: refused })
    const dialog = await askFor('Close all trades')
    await userEvent.type(within(dialog).getByLabelText('Type STOP, or hold the button'), 'STOP')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Close all trades' }))
    expect(await within(dialog).findByText('There is no open trade of it.')).toBeVisible()
  })

  test('what is paused can be resumed, and guards say how much is used', async () => {
    const { socket } = await openDashboard()
    const guards = [{ name: 'daily_loss', limit: 3, used: 1.25, left: 1.75, sentence: null, until: null }]
    const openRisk = { used: 9.95, limit: 30 }
    act(() => {
      socket.receive('connect')
      socket.receive('monitor_status', { ...monitor, entriesPaused: 'a person paused them.', pauseCauses: ['person'], guards, openRisk })
    })
    const panel = screen.getByRole('region', { name: 'Active trades' })
    expect(within(panel).getByText('1.25 of 3.00 R, 1.75 left')).toBeVisible()
    expect(within(panel).getByText('9.95 of 30.00 USDT')).toBeVisible()
    await userEvent.click(await screen.findByRole('button', { name: 'Paused: stop or resume trading' }))
    expect(screen.getByRole('button', { name: 'Resume entries' })).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Pause entries' })).toBeNull()
    expect(within(screen.getByRole('dialog', { name: 'Stop trading' })).getByText('1.25 of 3 R')).toBeVisible()
  })

  test('after a kill nothing but the release allows entries', async () => {
    const { socket } = await openDashboard()
    act(() => {
      socket.receive('connect')
      socket.receive('monitor_status', { ...monitor, entriesPaused: 'killed', pauseCauses: ['person', 'kill switch'] })
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Killed: stop or resume trading' }))
    expect(screen.queryByRole('button', { name: 'Resume entries' })).toBeNull()
    expect(screen.getByRole('button', { name: 'Release the kill switch' })).toBeVisible()
  })
})
