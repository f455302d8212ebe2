/** @import { ActiveTrades, EquityCurve, Exposure, Health, Monitor, PriceSnapshot, Signal, SignalSummary, Stats, Trade, TradePage } from '../src/api/types' */

/** @type {Trade} */
export const openTrade = {
  id: 7,
  signalId: 'simulator-BTCUSDT-5m-ict_2022-long-1',
  symbol: 'BTCUSDT',
  direction: 'long',
  status: 'open',
  entryPrice: 64000,
  currentPrice: 64010,
  exitPrice: null,
  positionSize: 0.04,
  stopLoss: 63800,
  takeProfit: 64500,
  unrealizedPnL: 0.4,
  realizedPnL: 0,
  riskAmount: 10,
  resultR: null,
  entryTime: '2026-11-22T12:00:00.000Z',
  exitTime: null,
  exitReason: null,
  fees: 0.5,
  funding: 0,
  slippage: 0.1,
  ambiguous: false,
  model: 'ict_2022',
  confluenceScore: 80,
  reasons: [],
  environment: 'simulator',
}

/** @type {Trade} */
export const closedTrade = {
  ...openTrade,
  id: 3,
  symbol: 'ETHUSDT',
  direction: 'short',
  status: 'closed',
  exitPrice: 3100.5,
  realizedPnL: -10.25,
  resultR: -1.02,
  exitTime: '2026-11-22T11:30:00.000Z',
  entryTime: '2026-11-22T10:15:00.000Z',
  exitReason: 'stop',
}

/** @type {Signal} */
export const refusedSignal = {
  id: 11,
  signalId: 'simulator-SOLUSDT-5m-ict_2022-short-1',
  symbol: 'SOLUSDT',
  direction: 'short',
  timeframe: '5m',
  model: 'ict_2022',
  status: 'refused',
  entryPrice: 142.3,
  stopLoss: 143,
  takeProfit: 141.2,
  confluenceScore: 47,
  components: { htf_bias: 0, sweep: 14, order_block: 10 },
  reasons: ['Buy-side liquidity was swept.'],
  refusals: ['Reward to risk 1.6 is under 2.0.'],
  time: '2026-11-22T12:30:00.000Z',
  updatedAt: '2026-11-22T12:30:00.000Z',
  environment: 'simulator',
}

/** @type {Stats} */
export const stats = {
  totalTrades: 45,
  winRate: 62.5,
  totalPnL: 234.5,
  activeTrades: 1,
  openRisk: 8,
  openRiskPercent: 0.65,
  totalPnLPercent: 23.45,
  todayPnL: 12.5,
  todayPnLPercent: 1.2,
  todayR: 1.1,
  totalR: 22.9,
  dailyReturns: 20,
  avgWin: 12.3,
  avgLoss: -8.5,
  profitFactor: 1.85,
  maxDrawdown: 5.2,
  sharpe: 1.4,
  sortino: null,
  equity: 1234.5,
  initialBalance: 1000,
}

/** @type {Monitor} */
export const monitor = {
  state: 'running',
  detail: 'Watching 3 symbols.',
  mode: 'paper',
  environment: 'simulator',
  marketData: 'simulator',
  simulated: true,
  symbols: [
    {
      symbol: 'ETHUSDT',
      lastCandleTime: '2026-11-22T12:30:00.000Z',
      lastPrice: 3120.4,
      trend: -1,
      bias: 1,
      killZone: 'london_open',
      reading: 'Waiting for a sweep of liquidity.',
    },
  ],
  marketTime: '2026-11-22T12:30:00.000Z',
  dataAgeMs: 100,
  heartbeatAt: '2026-11-22T12:30:00.000Z',
  entriesPaused: null,
  epoch: 1,
  catchingUp: false,
}

/** @type {Health} */
export const health = {
  status: 'ok',
  version: '0.1.0',
  environment: 'simulator',
  mode: 'paper',
  marketData: 'simulator',
  simulated: true,
  monitor,
  time: '2026-11-22T12:30:00.000Z',
}

/** @type {EquityCurve} */
export const equity = {
  points: [
    { time: '2026-11-22T11:00:00.000Z', equity: 1000, wallet: 1000, drawdown: 0 },
    { time: '2026-11-22T12:00:00.000Z', equity: 990, wallet: 990, drawdown: -1 },
  ],
  initialBalance: 1000,
}

/** @type {SignalSummary} */
export const signals = {
  total: 9,
  buy: 5,
  sell: 4,
  byStatus: { armed: 1, refused: 4, filled: 3, cancelled: 1 },
  byModel: { ict_2022: 9 },
  outcomes: { win: 2, loss: 1 },
  models: [{ name: 'ict_2022', signals: 9, buy: 5, sell: 4, taken: 3, won: 2, lost: 1, resultR: 1.25 }],
  killZones: [
    { name: 'london_open', signals: 6, buy: 4, sell: 2, taken: 3, won: 2, lost: 1, resultR: 1.25 },
    { name: null, signals: 3, buy: 1, sell: 2, taken: 0, won: 0, lost: 0, resultR: 0 },
  ],
  recent: [refusedSignal],
}

/** @type {SignalSummary} */
const noSignals = {
  total: 0,
  buy: 0,
  sell: 0,
  byStatus: { armed: 0, refused: 0, filled: 0, cancelled: 0 },
  byModel: {},
  outcomes: { win: 0, loss: 0 },
  models: [],
  killZones: [],
  recent: [],
}

/** @type {PriceSnapshot} */
export const prices = {
  marketTime: '2026-11-22T12:30:01.000Z',
  prices: { BTCUSDT: { last: 63900, mark: 63900, time: '2026-11-22T12:30:01.000Z' } },
  openTrades: [{ id: 7, signalId: openTrade.signalId, symbol: 'BTCUSDT', currentPrice: 63900, unrealizedPnL: -4, unrealizedR: -0.4 }],
  equity: 1230.5,
  wallet: 1234.5,
  openPnL: -4, openPnLPercent: 0.5, openR: 0.4,
  equityTime: '2026-11-22T12:30:01.000Z',
}

/** @type {Exposure} */
const exposure = { positions: 1, positionsValue: 2556, unrealizedPnL: -4, entries: 2, entriesValue: 1200.5 }
/** @type {TradePage} */
const tradePage = { trades: [closedTrade], page: 1, limit: 25, total: 60, pages: 3 }
/** @type {ActiveTrades} */
const activeTrades = { trades: [openTrade], frozen: [] }

export const session = { token: 'token-1', user: { id: 1, email: 'demo@ict.com' } }

/** @returns {Record<string, unknown>} */
export const loadedAnswers = () => ({
  'GET /api/health': health,
  'GET /api/dashboard/stats': stats,
  'GET /api/dashboard/equity': equity,
  'GET /api/dashboard/trades': tradePage,
  'GET /api/dashboard/active-trades': activeTrades,
  'GET /api/dashboard/signals': signals,
  'GET /api/monitor/exposure': exposure,
  'GET /api/auth/me': { user: session.user },
  'POST /api/auth/login': session,
  'POST /api/auth/logout': [204, null],
})

/** @returns {Record<string, unknown>} */
export const emptyAnswers = () => ({
  ...loadedAnswers(),
  'GET /api/health': { ...health, monitor: null },
  'GET /api/dashboard/stats': { ...stats, totalTrades: 0, winRate: null, profitFactor: null, sharpe: null, activeTrades: 0 },
  'GET /api/dashboard/equity': { points: [], initialBalance: 1000 },
  'GET /api/dashboard/trades': { trades: [], page: 1, limit: 25, total: 0, pages: 0 },
  'GET /api/dashboard/active-trades': { trades: [], frozen: [] },
  'GET /api/dashboard/signals': noSignals,
})
