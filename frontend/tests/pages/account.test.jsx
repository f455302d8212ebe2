import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'

import { FakeServer } from '../fakes.js'
import { renderApp } from '../render.jsx'
import { loadedAnswers, session } from '../samples.js'
import { brokenRules } from './axe.js'

/** @import { AccountPage } from '../../src/api/types' */

const ACCOUNT = 'GET /api/dashboard/account'
/** @type {AccountPage} */
const account = {
  balance: {
    openedAt: '2026-11-20T00:00:00.000Z',
    opening: 1000,
    results: -20.5,
    transfers: 250,
    openCosts: -0.55,
    ledger: 1228.95,
    wallet: 1228.95,
    walletAt: '2026-11-22T12:30:00.000Z',
  },
  movements: [
    { id: 'f1', kind: 'funding', symbol: 'BTCUSDT', amount: -0.75, time: '2026-11-22T08:00:00.000Z' },
    { id: 't1', kind: 'TRANSFER_IN', symbol: null, amount: 250, time: '2026-11-21T08:00:00.000Z' },
    { id: 't2', kind: 'AIRDROP_BONUS', symbol: null, amount: 0.01, time: '2026-11-21T07:00:00.000Z' },
  ],
  page: 1,
  limit: 25,
  total: 60,
  pages: 3,
}

/** @param {AccountPage} [answer] */
async function openAccount(answer = account) {
  const server = new FakeServer({ ...loadedAnswers(), [ACCOUNT]: answer })
  const view = renderApp(server, { session, path: '/account' })
  await screen.findByRole('heading', { name: 'Account' })
  return { server, ...view }
}

describe('the account', () => {
  test('tells how its balance came about, part by part', async () => {
    const { container } = await openAccount()
    const sheet = screen.getByRole('region', { name: 'Balance' })
    expect((await within(sheet).findByText(/Results of closed trades/)).nextSibling).toHaveTextContent('\u221220.50')
    expect(within(sheet).getByText(/Deposits less withdrawals/).nextSibling).toHaveTextContent('+250.00')
    expect(within(sheet).getByText(/By the ledger/).nextSibling).toHaveTextContent('1,228.95')
    const rows = within(screen.getByRole('table', { name: 'Movements' })).getAllByRole('row').slice(1)
    expect(rows.map((row) => row.textContent)).toEqual([
      '22 Nov, 08:00Funding BTCUSDT\u22120.75',
      '21 Nov, 08:00Deposit +250.00',
      '21 Nov, 07:00Airdrop bonus +0.01',
    ])
    expect(await brokenRules(container)).toEqual([])
  })

  test('asks the server for another page, and again when money has moved', async () => {
    const { server, socket } = await openAccount()
    await userEvent.click(await screen.findByRole('button', { name: 'Next page' }))
    await waitFor(() => expect(server.requestsFor(ACCOUNT).at(-1)?.url.search).toBe('?page=2&limit=25'))
    const asked = server.requestsFor(ACCOUNT).length
    act(() => {
      socket.receive('connect')
      socket.receive('transfer', { id: 41, time: '', transfer: {} })
    })
    await waitFor(() => expect(server.requestsFor(ACCOUNT).length).toBeGreaterThan(asked))
  })

  test('says why it is empty', async () => {
    const { container } = await openAccount({ ...account, balance: null, movements: [], total: 0, pages: 0 })
    expect(await screen.findByText('No balance yet.')).toBeVisible()
    expect(screen.getByText('No movements yet.')).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })
})
