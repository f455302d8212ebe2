import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test, vi } from 'vitest'

import { ablated, backtestAnswers, finished, report, request, running, searched, walked } from '../backtestSamples.js'
import { FakeServer } from '../fakes.js'
import { renderApp } from '../render.jsx'
import { loadedAnswers, session } from '../samples.js'
import { brokenRules } from './axe.js'

/** @import { BacktestJob } from '../../src/api/backtestTypes' */

const REPORT = `GET /api/backtests/${finished.id}/report`

/** @param {BacktestJob} job @param {Record<string, unknown>} [answers] */
async function openRun(job, answers) {
  const server = new FakeServer({ ...loadedAnswers(), ...backtestAnswers(job), ...answers })
  const view = renderApp(server, { session, path: `/backtests/${job.id}` })
  await screen.findByRole('heading', { name: 'BTCUSDT · 5m', level: 1 })
  return { server, ...view }
}

describe('the report of a backtest', () => {
  test('begins with the verdict and shows every figure with its n', async () => {
    const { container } = await openRun(finished)
    expect(await screen.findByRole('region', { name: 'Verdict' })).toHaveTextContent(/^No evidence of an edge: net −0.04 R per trade/)
    const figure = (/** @type {string} */ name) => screen.getByRole('group', { name })
    expect(figure('Net result, USDT')).toHaveTextContent('−24.50n = 60')
    expect(figure('Max drawdown')).toHaveTextContent('8.4 %n = 800')
    expect(figure('Profit factor')).toHaveTextContent('—n = 60')
    expect(screen.getByText('Average holding').closest('div')).toHaveTextContent('1 h 30 mn = 60')
    expect(screen.getByRole('img', { name: 'Equity curve' })).toHaveAccessibleDescription(/Maximum drawdown 8.4 %/)
    expect(screen.getByRole('region', { name: 'Months of 2026' })).toHaveTextContent('Jan−3.20 %Feb+1.40 %Mar—')
    expect(await screen.findByRole('img', { name: 'Price of BTCUSDT with 60 trades' })).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })

  test('says where the result came from and how much of it is luck', async () => {
    await openRun(finished)
    const row = async (/** @type {string} */ table, /** @type {RegExp} */ name) => within(await screen.findByRole('table', { name: table })).getByRole('row', { name })
    expect(await row('Results by kill zone', /New York AM/)).toHaveTextContent('New York AM45−1.2035.0 %')
    expect(await row('Results by kill zone', /Outside of all/)).toHaveTextContent('15')
    expect(await row('Results by model', /2022/)).toHaveTextContent('33.3 %')
    expect(await row('Walk-forward folds', /^1/)).toHaveTextContent(/1 Mar\s–\s1 Apr 2026.*−0\.80.*\+0\.21−0\.09Confluence threshold 70, Gap entry ce/)
    expect(await row('What was examined', /Random entries/)).toHaveTextContent('Random entries instead, p 0.43−0.05−0.20 … +0.1060')
    expect(await row('What was examined', /Costs x2/)).toHaveTextContent('−0.19')
    expect(await row('Refusals by reason', /Low score/)).toHaveTextContent('210')
    expect(screen.getByRole('img', { name: 'Resampled results' })).toHaveAccessibleDescription(/90 % of the draws end between −14.20 R and \+9.10 R/)
    expect(screen.getByText('Taker fee').parentElement).toHaveTextContent('0.055 %')
    expect(screen.getByText('Most leverage').parentElement).toHaveTextContent('10×')
    expect(screen.getByText('Daily loss limit, R').parentElement).toHaveTextContent('3')
    expect(screen.getByText('Cooldown, minutes').parentElement).toHaveTextContent('off')
    expect(screen.getByText('Compared').parentElement).toHaveTextContent('BTCUSDT with ETHUSDT')
    expect(screen.getByText('Strategy parameters (2)')).toBeVisible()
    expect(screen.getByText(/1 trade ended in a candle that touched both/)).toBeVisible()
    expect(screen.getByText(/1 gap in them/)).toBeVisible()
    expect(screen.getByText(/^Trials of the same symbols and timeframe count that read the simulator/)).toBeVisible()
  })

  test('a walk-forward says what held outside the training and what the sealed part gave', async () => {
    const { container } = await openRun(finished, { [REPORT]: walked })
    expect(await screen.findByRole('region', { name: 'Verdict' })).toHaveTextContent(/^Outside the training: too few trades to say anything \(n = 9\)\./)
    expect(screen.getByRole('region', { name: 'The run without a search' })).toHaveTextContent(/parameters as asked for\. No evidence of an edge: net −0\.04 R/)
    expect(screen.getByText(/^Walk-forward efficiency −42.9 %: nothing of what was found held/)).toBeVisible()
    expect(screen.getByText(/ of the simulator’s candles, opened once: 12 trades, −0.04 R a trade \(−0.11 … \+0.03\)\.$/)).toBeVisible()
    expect(screen.getByText('3 earlier trials may have read some of it, so it is less of a test.')).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })

  test('a search shows its trials, the best first, and what lies beside it', async () => {
    const { container } = await openRun(finished, { [REPORT]: searched })
    expect(await screen.findByText('Chosen: Confluence threshold 60, Minimum reward 2.')).toBeVisible()
    expect(screen.getByText(/^13 trials, 12 of them different. Probability of overfitting 61.0 %/)).toBeVisible()
    const [head, best, second] = within(screen.getByRole('table', { name: 'Trials' })).getAllByRole('row')
    expect(head).toHaveTextContent('Confluence threshold · Minimum rewardNet RSharpe')
    expect(best).toHaveTextContent('60 · 2+4.101.206038.0 %')
    expect(second).toHaveTextContent('(too few trades)')
    expect(within(screen.getByRole('table', { name: 'More trials', hidden: true })).getAllByRole('row', { hidden: true })).toHaveLength(3)
    expect(screen.getByRole('row', { name: /^Minimum reward 2.5/ })).toHaveTextContent('−0.04−0.11 … +0.0360')
    expect(screen.getByText(/is sealed still/)).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })

  test('a sealed part that was to be opened and was not says why', async () => {
    const whyNot = 'It was not opened: nothing was chosen.'
    await openRun(finished, { [REPORT]: { ...walked, sealed: { ...searched.sealed, whyNot } } })
    expect(await screen.findByText(/is sealed still: nothing above has read it. It was not opened: nothing was chosen.$/)).toBeVisible()
  })

  test('an ablation lists the run as asked and without each component', async () => {
    await openRun(finished, { [REPORT]: ablated })
    const table = await screen.findByRole('table', { name: 'Ablation' })
    expect(within(table).getByRole('row', { name: /^Nothing left out/ })).toHaveTextContent('−0.04−0.11 … +0.0360−2.40')
    expect(within(table).getByRole('row', { name: /^Kill zone/ })).toHaveTextContent('−0.09')
    expect(screen.queryByRole('table', { name: 'Trials' })).toBeNull()
  })

  test('sorts and pages the trades', async () => {
    await openRun(finished)
    const table = await screen.findByRole('table', { name: 'Trades' })
    const first = () => within(table).getAllByRole('row')[1]
    expect(within(table).getAllByRole('row')).toHaveLength(26)
    await userEvent.click(within(table).getByRole('button', { name: 'R' }))
    await userEvent.click(within(table).getByRole('button', { name: 'R' }))
    expect(within(table).getByRole('columnheader', { name: 'R' })).toHaveAttribute('aria-sort', 'descending')
    expect(first()).toHaveTextContent('+1.90')
    await userEvent.click(within(screen.getByRole('navigation', { name: 'Trade pages' })).getByRole('button', { name: 'Next page' }))
    expect(first()).toHaveTextContent('−1.10')
  })

  test('shows a chosen trade with its stop and target on candles around it', async () => {
    const { server } = await openRun(finished)
    await userEvent.click(await screen.findByRole('button', { name: 'Show trade 3 on the chart' }))
    expect(screen.getByText(/^Trade 3, BTCUSDT long: in at 64,000.00 .* stop 63,800.00, target 64,400.00; out at 64,400.00 .* \(target\), \+1.90 R\.$/)).toBeVisible()
    const chart = await screen.findByRole('img', { name: 'Price of BTCUSDT with 60 trades' })
    expect(chart).toHaveTextContent(/Target.*Entry.*Stop/)
    const asked = server.requestsFor('GET /api/backtests/12/candles').at(-1)?.url.searchParams
    const entry = Date.UTC(2026, 0, 13, 14, 30)
    expect(Number(asked?.get('from'))).toBeLessThan(entry)
    expect(Number(asked?.get('to'))).toBeGreaterThan(entry)
    await userEvent.click(screen.getByRole('button', { name: 'Next trade' }))
    expect(screen.getByText(/^Trade 4, BTCUSDT short: in at/)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Trade 9, BTCUSDT long' }))
    expect(screen.getByText(/^Trade 9, BTCUSDT long: in at/)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Whole run' }))
    expect(screen.getByText(/^Arrows are entries/)).toBeVisible()
  })

  test('saves the report and the trades with the token of the session', async () => {
    const save = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue()
    URL.createObjectURL = () => 'blob:file'
    URL.revokeObjectURL = () => {}
    const { server } = await openRun(finished, { 'GET /api/backtests/12/trades.csv': 'n,symbol' })
    await userEvent.click(await screen.findByRole('button', { name: 'Trades as CSV' }))
    expect(await screen.findByText('Saved.')).toBeVisible()
    expect(save).toHaveBeenCalledOnce()
    expect(server.requestsFor('GET /api/backtests/12/trades.csv')[0]?.headers.get('Authorization')).toBe('Bearer token-1')
    await userEvent.click(screen.getByRole('button', { name: 'Report as HTML' }))
    expect(await screen.findByText('No GET /api/backtests/12/report.html.')).toBeVisible()
  })

  test('a run without a trade says where to look', async () => {
    const { container } = await openRun(finished, { 'GET /api/backtests/12/report': { ...report, trades: [], bootstrap: null, walkForward: null, monthly: [] } })
    expect(await screen.findByText('No trade was made.')).toBeVisible()
    expect(await brokenRules(container)).toEqual([])
  })
})

describe('a run that has not ended', () => {
  test('after a reload its progress goes on, and the report follows by itself', async () => {
    const { server, socket } = await openRun(running)
    const progress = await screen.findByRole('progressbar', { name: 'Progress of BTCUSDT · 5m' })
    expect(progress).toHaveValue(40_000)
    Object.assign(server.answers, backtestAnswers(finished))
    act(() => {
      socket.receive('connect')
      socket.receive('backtests', { jobs: [{ id: 12, status: 'finished', progress: null }] })
    })
    expect(await screen.findByRole('region', { name: 'Verdict' })).toBeVisible()
    expect(screen.getByRole('button', { name: 'Report as HTML' })).toBeVisible()
  })

  test('a failed run says why', async () => {
    await openRun({ ...running, status: 'failed', error: 'it needed more than 2,000 MB of memory.' })
    expect(await screen.findByText('It failed: it needed more than 2,000 MB of memory.')).toBeVisible()
  })

  test('an unknown run is named as missing', async () => {
    renderApp(new FakeServer(loadedAnswers()), { session, path: '/backtests/99' })
    expect(await screen.findByText(/The backtest could not be loaded/)).toBeVisible()
  })
})

describe('comparing runs', () => {
  const other = { ...finished, id: 13, request: { ...request, parameters: { ...request.parameters, confluenceThreshold: 70 } } }
  const answers = {
    ...backtestAnswers(other),
    'GET /api/backtests/13/report': { ...report, settings: undefined, figures: { ...report.figures, net: { value: 31.2, n: 41 } } },
    ...backtestAnswers(),
    // Reports of earlier versions tell no settings: what was asked for stands in.
    'GET /api/backtests/12/report': { ...report, settings: undefined },
    'GET /api/backtests': { jobs: [other, finished] },
  }

  test('puts two marked runs side by side', async () => {
    const server = new FakeServer({ ...loadedAnswers(), ...answers })
    const { container } = renderApp(server, { session, path: '/backtests' })
    await userEvent.click(await screen.findByRole('checkbox', { name: /^Compare backtest 12/ }))
    await userEvent.click(screen.getByRole('checkbox', { name: /^Compare backtest 13/ }))
    await userEvent.click(screen.getByRole('link', { name: 'Compare 2 runs' }))
    const figures = await screen.findByRole('table', { name: 'Compared figures' })
    expect(within(figures).getByRole('row', { name: /Net result/ })).toHaveTextContent('Net result, USDT−24.50n = 60+31.20n = 41')
    const settings = screen.getByRole('table', { name: 'Different settings' })
    expect(within(settings).getAllByRole('row')).toHaveLength(2)
    expect(within(settings).getByRole('row', { name: 'Confluence threshold 60 70' })).toBeVisible()
    const chart = screen.getByRole('img', { name: 'Equity of the compared runs' })
    await waitFor(() => expect(chart.querySelectorAll('path.recharts-line-curve')).toHaveLength(2))
    expect(await brokenRules(container)).toEqual([])
  })

  test('tells what a search chose, and that other days are no comparison', async () => {
    const settings = { account: {}, guards: {}, smtPairs: [], parameters: { confluenceThreshold: 80 } }
    const chosen = { ...report, settings, to: '2026-08-01T00:00:00.000Z' }
    const plain = { ...report, settings: { ...settings, parameters: { confluenceThreshold: 60 } } }
    const reports = { 'GET /api/backtests/12/report': plain, 'GET /api/backtests/13/report': chosen }
    const alike = { 'GET /api/backtests/13': { job: { ...finished, id: 13 } } }
    renderApp(new FakeServer({ ...loadedAnswers(), ...answers, ...alike, ...reports }), { session, path: '/backtests/compare?runs=12,13' })
    const table = await screen.findByRole('table', { name: 'Different settings' })
    expect(within(table).getByRole('row', { name: 'Confluence threshold 60 80' })).toBeVisible()
    expect(screen.getByText(/^These runs did not trade the same candles \(Run 12: 1 Jan\s–\s1 Nov 2026; Run 13: 1 Jan\s–\s1 Aug 2026\)/)).toBeVisible()
  })

  test('the address alone is enough, and runs asked for alike are said to be', async () => {
    renderApp(new FakeServer({ ...loadedAnswers(), ...answers, 'GET /api/backtests/13': { job: { ...finished, id: 13 } } }), { session, path: '/backtests/compare?runs=12,13' })
    expect(await screen.findByText(/traded with the same settings/)).toBeVisible()
  })
})
