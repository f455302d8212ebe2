/** @import { BacktestCandles, BacktestJob, BacktestOptions, BacktestReport, BacktestRequest, BacktestTrade } from '../src/api/backtestTypes' */

/** @type {BacktestRequest} */
export const request = {
  symbols: ['BTCUSDT'],
  timeframe: '5m',
  from: null,
  to: null,
  initialBalance: 1000,
  seed: 0,
  market: 'bybit',
  parameters: { confluenceThreshold: 60, breakOn: 'close', requireDisplacement: false },
  costs: { takerFeeRate: 0.00055, makerFeeRate: 0.0002, slippageBps: 1 },
  riskPerTrade: 0.01,
  maxPositions: 3,
  walkForward: null,
  optimise: null,
  ablate: null,
}

/** @type {BacktestOptions} */
export const options = {
  markets: ['bybit', 'simulator'],
  series: [
    { market: 'bybit', symbol: 'BTCUSDT', timeframe: '5m', from: '2026-01-01T00:00:00Z', to: '2026-11-01T00:00:00Z', candles: 87_552, missing: 0 },
    { market: 'bybit', symbol: 'ETHUSDT', timeframe: '5m', from: '2026-03-01T00:00:00Z', to: '2026-11-01T00:00:00Z', candles: 70_548, missing: 12 },
  ],
  parameters: [
    { name: 'confluenceThreshold', label: 'Confluence needed, points', type: 'number', min: 0, max: 100, step: 1, default: 60, choices: null },
    { name: 'breakOn', label: 'Structure breaks on', type: 'choice', min: null, max: null, step: null, default: 'close', choices: ['close', 'wick'] },
    { name: 'requireDisplacement', label: 'A break needs displacement', type: 'boolean', min: null, max: null, step: null, default: false, choices: null },
  ],
  defaults: request,
}

/** @type {BacktestJob} */
export const queued = {
  id: 12,
  status: 'queued',
  request,
  progress: null,
  verdict: null,
  headline: null,
  error: null,
  requestedBy: 'demo@ict.com',
  createdAt: '2026-11-22T12:00:00.000Z',
  startedAt: null,
  finishedAt: null,
  attempts: 0,
}

/** @type {BacktestJob} */
export const running = {
  ...queued,
  status: 'running',
  startedAt: '2026-11-22T12:00:01.000Z',
  attempts: 1,
  progress: { stage: 'strategy', done: 40_000, total: 100_000, barsPerSecond: 1_250_000, etaSeconds: 75 },
}

const verdict = 'no evidence of an edge: net −0.04 R per trade (95 % CI −0.11…+0.03, n = 60)'

/** @type {BacktestJob} */
export const finished = {
  ...running,
  status: 'finished',
  progress: null,
  finishedAt: '2026-11-22T12:00:30.000Z',
  verdict,
  headline: { netR: -2.4, trades: 60, sharpe: -0.31, maxDrawdown: 0.084 },
}

/** @param {number} n @returns {BacktestTrade} */
function trade(n) {
  const won = n % 3 === 0
  const entry = Date.UTC(2026, 0, 10 + n, 14, 30)
  return {
    n,
    symbol: 'BTCUSDT',
    direction: n % 2 ? 'long' : 'short',
    model: 'ict_2022',
    killZone: n % 4 ? 'ny_am' : null,
    entryTime: new Date(entry).toISOString(),
    exitTime: new Date(entry + n * 600_000).toISOString(),
    entryPrice: 64_000,
    exitPrice: won ? 64_400 : 63_800,
    stop: 63_800,
    target: 64_400,
    quantity: 0.05,
    netPnL: won ? 19 + n : -11,
    resultR: won ? 1.9 : -1.1,
    fees: 2.1,
    funding: 0,
    exitReason: won ? 'target' : 'stop',
    ambiguous: n === 5,
    score: 70,
    mae: 0.6,
    mfe: 1.1,
  }
}

const interval = { estimate: -0.04, low: -0.11, high: 0.03, confidence: 0.95, n: 60 }
const baseline = { observed: -0.04, mean: -0.05, low: -0.2, high: 0.1, p_value: 0.43, n: 60, draws: 2000 }

/** @type {BacktestReport} */
export const report = {
  verdict,
  source: 'simulator',
  trialsCounted: "Trials of the same symbols and timeframe count that read the simulator's candles or candles of unknown source.",
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-11-01T00:00:00.000Z',
  examination: {
    verdict: { finding: 'none', sentence: verdict, doubts: [] },
    expectancy_in_r: interval,
    sharpe: { ...interval, n: 304 },
    deflated_sharpe: { probability: 0.12, trials: 7 },
    overfitting: null,
    random_entries: baseline,
    shuffled_directions: null,
    stressed: [{ name: 'costs x2', ...interval, estimate: -0.19 }],
  },
  figures: {
    net: { value: -24.5, n: 60 },
    sharpe: { value: -0.31, n: 304 },
    max_drawdown: { value: 0.084, n: 800 },
    expectancy_in_r: { value: -0.04, n: 60 },
    win_rate: { value: 0.3333, n: 60 },
    profit_factor: { value: null, n: 60 },
    average_holding_ms: { value: 5_400_000, n: 60 },
  },
  equity: {
    points: [
      { time: '2026-01-01T00:00:00.000Z', equity: 1000, wallet: 1000, drawdown: 0 },
      { time: '2026-06-01T00:00:00.000Z', equity: 916, wallet: 916, drawdown: -8.4 },
      { time: '2026-11-01T00:00:00.000Z', equity: 975.5, wallet: 975.5, drawdown: -2.45 },
    ],
  },
  monthly: [
    { month: '2026-01', returnPercent: -3.2 },
    { month: '2026-02', returnPercent: 1.4 },
    { month: '2026-03', returnPercent: null },
  ],
  trades: Array.from({ length: 60 }, (_, index) => trade(index + 1)),
  openTrades: [{ ...trade(61), exitTime: null, exitPrice: null, exitReason: null }],
  tables: {
    byDirection: [{ key: 'long', trades: 60, netR: -2.4, winRate: 1 / 3 }],
    bySymbol: [{ key: 'BTCUSDT', trades: 60, netR: -2.4, winRate: 1 / 3 }],
    byModel: [{ key: 'ict_2022', trades: 60, netR: -2.4, winRate: 1 / 3 }],
    byKillZone: [
      { key: 'ny_am', trades: 45, netR: -1.2, winRate: 0.35 },
      { key: 'none', trades: 15, netR: -1.2, winRate: 0.25 },
    ],
  },
  walkForward: [{ fold: 1, from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z', netR: -0.8, trades: 9, trainedR: 0.21, testedR: -0.09, chosen: { confluenceThreshold: 70, gapEntry: 'ce' } }],
  bootstrap: {
    fan: [
      { trade: 0, p5: 0, p25: 0, p50: 0, p75: 0, p95: 0 },
      { trade: 60, p5: -14.2, p25: -7, p50: -2.4, p75: 2.5, p95: 9.1 },
    ],
  },
  refusals: { low_score: 210, reward: 44 },
  settings: {
    account: { initialBalance: 1000, riskPerTrade: 0.01, maxPositions: 3, maxLeverage: 10 },
    guards: { dailyLossLimitR: 3, weeklyLossLimitR: 0, losingStreak: 0, cooldownMinutes: 0, maxOpenRisk: 0.05, maxEntryDistance: 0 },
    smtPairs: [['BTCUSDT', 'ETHUSDT']],
    parameters: { confluenceThreshold: 60, minimumReward: 2 },
  },
  costs: { takerFeeRate: 0.00055, makerFeeRate: 0.0002, slippageBps: 1, fundingRate: 0.0001 },
  candles: 87_552,
  gaps: [{ symbol: 'BTCUSDT', from: '2026-02-01T00:00:00.000Z', to: '2026-02-01T01:00:00.000Z' }],
  ambiguous: 1,
  timings: { strategy: 0.2, account: 0.1, candlesPerSecond: 290_000 },
}

const sealed = { from: '2026-09-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z', opened: null }

/** @type {BacktestReport} */
export const walked = {
  ...report,
  verdict: 'outside the training: too few trades to say anything (n = 9)',
  outside: { verdict: 'too few trades to say anything (n = 9)', expectancy: { ...interval, n: 9 }, efficiency: -0.4286 },
  sealed: { ...sealed, opened: { trades: 12, netR: -0.48, expectancy: interval, earlierReaders: 3 } },
}

/** @type {BacktestReport} */
export const searched = {
  ...report,
  walkForward: null,
  examination: report.examination && { ...report.examination, overfitting: { probability: 0.61, trials: 12 } },
  optimisation: {
    trials: 13,
    chosen: { confluenceThreshold: 60, minimumReward: 2 },
    table: Array.from({ length: 12 }, (_, index) => ({
      parameters: { confluenceThreshold: 60 + index, minimumReward: 2 },
      trades: 60 - index,
      netR: 4.1 - index,
      sharpe: 1.2 - index / 10,
      deflatedSharpe: 0.38,
      candidate: index !== 1,
    })),
    neighbours: [{ name: 'minimum_reward 2.5', ...interval }],
  },
  sealed,
}

/** @type {BacktestReport} */
export const ablated = {
  ...report,
  walkForward: null,
  ablation: [
    { component: null, trades: 60, netR: -2.4, expectancy: interval },
    { component: 'kill_zone', trades: 71, netR: -6.4, expectancy: { ...interval, estimate: -0.09 } },
  ],
}

/** @type {BacktestCandles} */
export const candles = {
  step: 21_600_000,
  candles: Array.from({ length: 1216 }, (_, index) => [Date.UTC(2026, 0, 1) + index * 21_600_000, 64_000, 64_500, 63_700, index % 2 ? 64_200 : 63_900]),
}

const ROOT = '/api/backtests'

/** @param {BacktestJob} [job] @returns {Record<string, unknown>} */
export const backtestAnswers = (job = finished) => ({
  [`GET ${ROOT}/options`]: options,
  [`GET ${ROOT}`]: { jobs: [job] },
  [`GET ${ROOT}/${job.id}`]: { job },
  [`GET ${ROOT}/${job.id}/report`]: report,
  [`GET ${ROOT}/${job.id}/candles`]: candles,
})
