import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test } from 'vitest'

import { MOST_JOBS } from '../../src/api/backtestEndpoints.js'
import { backtestAnswers, finished, options, queued, request, running } from '../backtestSamples.js'
import { FakeServer } from '../fakes.js'
import { renderApp } from '../render.jsx'
import { loadedAnswers, session } from '../samples.js'
import { brokenRules } from './axe.js'

const LIST = 'GET /api/backtests'
const START = 'POST /api/backtests'

/** @param {Record<string, unknown>} [answers] */
async function openPage(answers) {
  const server = new FakeServer({ ...loadedAnswers(), ...backtestAnswers(), ...answers })
  const view = renderApp(server, { session })
  await userEvent.click(await screen.findByRole('link', { name: 'Backtests' }))
  await screen.findByRole('form', { name: 'New backtest' })
  return { server, ...view }
}

const run = () => userEvent.click(screen.getByRole('button', { name: 'Run the backtest' }))

/** @param {string} label @param {string} text */
async function retype(label, text) {
  const field = screen.getByLabelText(label)
  await userEvent.clear(field)
  await userEvent.type(field, text)
}

describe('the form of a backtest', () => {
  test('shows what is stored and begins with the costs that are paid live', async () => {
    const { container } = await openPage()
    expect(screen.getByRole('checkbox', { name: /^BTCUSDT ?1 Jan 2026 – 1 Nov 2026 ?87,552 candles, none missing/ })).toBeChecked()
    expect(screen.getByRole('checkbox', { name: /^ETHUSDT.*12 missing/ })).not.toBeChecked()
    expect(screen.getByLabelText('Taker fee, %')).toHaveValue('0.055')
    expect(screen.getByLabelText('Slippage, bps')).toHaveValue('1')
    expect(screen.getByText('as declared')).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })

  test('a run says whose candles it reads', async () => {
    const job = { ...queued, request: { ...request, market: 'simulator' } }
    await openPage({ [START]: [202, { job }], 'GET /api/backtests/12': { job } })
    await run()
    expect(await screen.findByText(/^Run 12: Single run, on the simulator’s candles, all that is stored, asked for by/)).toBeVisible()
  })

  test('asks for what was typed and opens the run', async () => {
    const { server } = await openPage({ [START]: [202, { job: queued }], 'GET /api/backtests/12': { job: queued } })
    await userEvent.click(screen.getByRole('checkbox', { name: /ETHUSDT/ }))
    await userEvent.type(screen.getByLabelText('From (UTC)'), '2026-04-01')
    await retype('Taker fee, %', '0.1')
    await retype('Risk per trade, %', '0.5')
    await retype('Confluence needed, points', '70')
    await userEvent.selectOptions(screen.getByLabelText('Structure breaks on'), 'wick')
    await userEvent.click(screen.getByLabelText('A break needs displacement'))
    await userEvent.selectOptions(screen.getByLabelText('What to do'), 'Walk-forward')
    await retype('Folds', '3')
    expect(screen.getByText('3 changed')).toBeVisible()
    await run()
    expect(await screen.findByText('Waits for its turn.')).toBeVisible()
    expect(server.requestsFor(START)[0]?.body).toEqual({
      ...request,
      symbols: ['BTCUSDT', 'ETHUSDT'],
      from: '2026-04-01',
      costs: { ...request.costs, takerFeeRate: 0.001 },
      riskPerTrade: 0.005,
      walkForward: { folds: 3, trials: 20, sealed: 0.2, openSealed: false },
      parameters: { confluenceThreshold: 70, breakOn: 'wick', requireDisplacement: true },
    })
  })

  test('asks for a search that opens the sealed part, and for an ablation', async () => {
    const { server, container } = await openPage({ [START]: [422, { error: { code: 'invalid_input', message: 'Not now.', details: null } }] })
    const chosen = screen.getByLabelText('What to do')
    await userEvent.selectOptions(chosen, 'Optimise')
    expect(screen.getByText('Searches parameters and judges the best as the best of so many.')).toBeVisible()
    expect(screen.getByLabelText('Trials')).toHaveValue('50')
    await retype('Trials', '501')
    await run()
    expect(screen.getByLabelText('Trials')).toHaveAccessibleDescription('Write 500 or less.')
    await retype('Trials', '80')
    await retype('Kept sealed at the end, %', '30')
    await userEvent.click(screen.getByLabelText(/^Open the sealed part at the end of Bybit’s candles: it can be done once$/))
    expect(await brokenRules(container)).toEqual([])
    await run()
    await userEvent.selectOptions(chosen, 'Ablate')
    expect(screen.queryByLabelText('Trials')).toBeNull()
    expect(screen.queryByLabelText(/^Open the sealed part/)).toBeNull()
    await run()
    await waitFor(() => expect(server.requestsFor(START)).toHaveLength(2))
    expect(server.requestsFor(START).map(({ body }) => body)).toEqual([
      { ...request, optimise: { trials: 80, sealed: 0.3, openSealed: true } },
      { ...request, ablate: { sealed: 0.3 } },
    ])
  })

  test('says beside each field what is wrong, before asking the server', async () => {
    const { server, container } = await openPage()
    await userEvent.click(screen.getByRole('checkbox', { name: /^BTCUSDT/ }))
    await retype('Seed', 'x')
    await retype('Slippage, bps', '500')
    await run()
    expect(screen.getByText('Choose at least one symbol.')).toBeVisible()
    expect(screen.getByRole('checkbox', { name: /^BTCUSDT/ })).toHaveFocus()
    expect(screen.getByLabelText('Seed')).toHaveAccessibleDescription('Write a number.')
    expect(screen.getByLabelText('Slippage, bps')).toHaveAccessibleDescription('Write 100 or less.')
    expect(screen.getByText('Some fields need another look.')).toBeVisible()
    expect(server.requestsFor(START)).toEqual([])
    expect(await brokenRules(container)).toEqual([])
  })

  test('keeps the days within what every chosen symbol has', async () => {
    await openPage()
    expect(screen.getByText('Empty means all of it: 1 Jan 2026 to 1 Nov 2026.')).toBeVisible()
    await userEvent.click(screen.getByRole('checkbox', { name: /ETHUSDT/ }))
    expect(screen.getByText('Empty means all of it: 1 Jan 2026 to 1 Nov 2026. Every chosen symbol has 1 Mar 2026 to 1 Nov 2026.')).toBeVisible()
    await userEvent.type(screen.getByLabelText('From (UTC)'), '2026-02-01')
    await run()
    expect(screen.getByLabelText('From (UTC)')).toHaveAccessibleDescription('Candles are stored from 2026-03-01 to 2026-11-01.')
  })

  test('puts what the server refuses beside its field', async () => {
    const fields = { 'costs.takerFeeRate': 'Input should be less than or equal to 0.001' }
    await openPage({ [START]: [422, { error: { code: 'invalid_input', message: 'The fee is too high.', details: { fields } } }] })
    await run()
    expect(await screen.findByText('The fee is too high.')).toBeVisible()
    expect(screen.getByLabelText('Taker fee, %')).toHaveAccessibleDescription(fields['costs.takerFeeRate'])
  })

  test('says what to do when no candles are stored', async () => {
    await openPage({ 'GET /api/backtests/options': { ...options, series: [] } })
    expect(screen.getByText(/^None of Bybit’s candles are stored at 5m/)).toBeVisible()
    expect(screen.getByText(/flask candles download BTCUSDT --market bybit --timeframe 5m/)).toBeVisible()
    expect(screen.getByRole('button', { name: 'Run the backtest' })).toBeDisabled()
  })
})

describe('the list of runs', () => {
  test('follows a run over the socket to its verdict', async () => {
    const { server, socket, container } = await openPage({ [LIST]: { jobs: [running] } })
    const row = await screen.findByRole('article', { name: 'backtest 12, BTCUSDT · 5m' })
    const progress = within(row).getByRole('progressbar', { name: 'Progress of BTCUSDT · 5m' })
    expect(progress).toHaveValue(40_000)
    expect(row).toHaveTextContent('Strategy · 40,000 of 100,000 candles · 1,250,000 bars/s · 1 min left')
    expect(await brokenRules(container)).toEqual([])
    act(() => {
      socket.receive('connect')
      socket.receive('backtests', { jobs: [{ id: 12, status: 'running', progress: { ...running.progress, done: 90_000, etaSeconds: 5 } }] })
    })
    await waitFor(() => expect(progress).toHaveValue(90_000))
    expect(within(row).getByText('Strategy, 90 percent')).toBeInTheDocument()
    server.answers[LIST] = { jobs: [finished] }
    act(() => socket.receive('backtests', { jobs: [{ id: 12, status: 'finished', progress: null }] }))
    expect(await within(row).findByText(/No evidence of an edge/)).toBeVisible()
    expect(row).toHaveTextContent('Net−2.40 RTrades60Sharpe−0.31Max drawdown8.4 %')
  })

  test('each run says of which kind it is', async () => {
    const search = { trials: 20, sealed: 0.2, openSealed: false }
    const kinds = [{}, { walkForward: { ...search, folds: 4 } }, { optimise: search }, { ablate: { sealed: 0.2 } }]
    await openPage({ [LIST]: { jobs: kinds.map((kind, index) => ({ ...queued, id: index + 1, request: { ...request, ...kind } })) } })
    const rows = await screen.findAllByRole('article')
    const words = ['Single run ·', 'Walk-forward, 4 folds, 20 trials in each ·', 'Optimise, 20 trials ·', 'Ablate ·']
    expect(rows).toHaveLength(words.length)
    rows.forEach((row, index) => expect(row).toHaveTextContent(words[index] ?? ''))
  })

  test('a failed and a lost run say what became of them', async () => {
    const failed = { ...queued, id: 3, status: 'failed', error: 'no candles of BTCUSDT.' }
    const lost = { ...queued, id: 4, status: 'lost' }
    await openPage({ [LIST]: { jobs: [failed, lost] } })
    expect(await screen.findByText('It failed: no candles of BTCUSDT.')).toBeVisible()
    expect(screen.getByText(/It was lost when the server stopped/)).toBeVisible()
  })

  test('a run is cancelled, and a refusal is shown in the server’s words', async () => {
    const ended = [409, { error: { code: 'conflict', message: 'This backtest has ended already: it is finished.' } }]
    const { server } = await openPage({ [LIST]: { jobs: [running] }, 'POST /api/backtests/12/cancel': ended })
    const cancel = await screen.findByRole('button', { name: 'Cancel backtest 12, BTCUSDT · 5m' })
    expect(screen.queryByRole('button', { name: /Delete/ })).toBeNull()
    await userEvent.click(cancel)
    expect(await screen.findByText('This backtest has ended already: it is finished.')).toBeVisible()
    server.answers['POST /api/backtests/12/cancel'] = { job: { ...running, status: 'cancelled' } }
    server.answers[LIST] = { jobs: [{ ...running, status: 'cancelled' }] }
    await userEvent.click(cancel)
    expect(await screen.findByText('It was cancelled before it had a result.')).toBeVisible()
  })

  test('older runs are read when they are wanted, until there are none', async () => {
    const newest = Array.from({ length: MOST_JOBS }, (_, index) => ({ ...finished, id: 112 - index }))
    const { server } = await openPage({ [LIST]: { jobs: newest } })
    expect(await screen.findByRole('article', { name: /^backtest 63,/ })).toBeVisible()
    server.answers[LIST] = { jobs: [{ ...finished, id: 12 }] }
    await userEvent.click(screen.getByRole('button', { name: 'Show older runs' }))
    expect(await screen.findByRole('article', { name: /^backtest 12,/ })).toBeVisible()
    expect(server.requestsFor(LIST).at(-1)?.url.searchParams.get('before')).toBe('63')
    expect(screen.queryByRole('button', { name: 'Show older runs' })).toBeNull()
    expect(screen.getByRole('article', { name: /^backtest 112,/ })).toBeVisible()
  })

  test('a run is deleted only after a question', async () => {
    const { server } = await openPage({ 'DELETE /api/backtests/12': [204, null] })
    await userEvent.click(await screen.findByRole('button', { name: 'Delete backtest 12, BTCUSDT · 5m' }))
    const dialog = screen.getByRole('dialog', { name: 'Delete run 12, BTCUSDT · 5m?' })
    expect(server.requestsFor('DELETE /api/backtests/12')).toEqual([])
    server.answers[LIST] = { jobs: [] }
    await userEvent.click(within(dialog).getByRole('button', { name: 'Delete' }))
    expect(await within(dialog).findByText('Deleted.')).toBeVisible()
    await waitFor(() => expect(screen.getByText('No backtest yet.')).toBeInTheDocument())
  })
})
