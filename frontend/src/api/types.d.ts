/** Shapes of the REST and Socket.IO payloads. Money in quote currency, percent as 62.5, times ISO 8601 with Z. */

export type Direction = 'long' | 'short'
export type SignalStatus = 'armed' | 'refused' | 'filled' | 'cancelled'

export interface User {
  id: number
  email: string
}

export interface Session {
  token: string
  user: User
}

export interface Trade {
  id: number
  signalId: string
  symbol: string
  direction: Direction
  status: 'open' | 'closed'
  entryPrice: number
  currentPrice: number | null
  exitPrice: number | null
  positionSize: number
  stopLoss: number
  takeProfit: number
  unrealizedPnL: number | null
  /** Present when the server reports the open result in units of risk. */
  unrealizedR?: number | null
  realizedPnL: number | null
  riskAmount: number
  resultR: number | null
  entryTime: string
  exitTime: string | null
  exitReason: string | null
  fees: number | null
  funding: number | null
  slippage: number | null
  /** A candle touched both stop and target: the worse was assumed. */
  ambiguous: boolean
  model: string | null
  confluenceScore: number | null
  reasons: string[]
  environment: string
}

export interface ActiveTrades {
  trades: Trade[]
  /** Open trades of other environments: listed, never priced. */
  frozen: Trade[]
}

/** How the wallet came about: opening, results, transfers and open costs add up to `ledger`. */
export interface Balance {
  openedAt: string
  opening: number
  results: number
  transfers: number
  openCosts: number
  ledger: number
  /** What the exchange said last. */
  wallet: number
  walletAt: string
}

/** Money that no exit of a trade made. */
export interface Movement {
  id: string
  /** `funding`, or the exchange's word for a transfer. */
  kind: string
  symbol: string | null
  amount: number
  time: string
}

export interface AccountPage {
  /** Null before the first candle was traded on. */
  balance: Balance | null
  movements: Movement[]
  page: number
  limit: number
  total: number
  pages: number
}

export interface TradePage {
  trades: Trade[]
  page: number
  limit: number
  total: number
  pages: number
}

/** Undefined statistics are null. Fields marked `?` are shown only where the server offers them. */
export interface Stats {
  totalTrades: number
  winRate: number | null
  totalPnL: number
  activeTrades: number
  avgWin: number | null
  avgLoss: number | null
  profitFactor: number | null
  maxDrawdown: number | null
  sharpe: number | null
  sortino: number | null
  equity: number | null
  initialBalance: number
  totalPnLPercent?: number | null
  totalR?: number | null
  /** What the open trades would lose at their stops, before costs. */
  openRisk?: number
  openRiskPercent?: number | null
  todayPnL: number
  todayPnLPercent: number
  todayR: number
  calmar?: number | null
  omega?: number | null
  /** Percent a year, compounded. */
  annualGrowth?: number | null
  dailyReturns?: number | null
}

export interface EquityPoint {
  time: string
  equity: number
  wallet: number
  /** Percent below the highest equity so far, zero or negative. */
  drawdown: number
}

export interface EquityCurve {
  points: EquityPoint[]
  initialBalance: number
}

export interface Signal {
  id: number
  signalId: string
  symbol: string
  direction: Direction
  timeframe: string
  model: string
  status: SignalStatus
  entryPrice: number
  stopLoss: number
  takeProfit: number
  confluenceScore: number
  components: Record<string, number>
  reasons: string[]
  refusals: string[]
  time: string
  updatedAt: string
  environment: string
}

/** Signals of one model or kill zone and what came of them; between the windows without a name. */
export interface SetupGroup {
  name: string | null
  signals: number
  buy: number
  sell: number
  taken: number
  won: number
  lost: number
  resultR: number
}

export interface SignalSummary {
  total: number
  buy: number
  sell: number
  byStatus: Record<SignalStatus, number>
  byModel: Record<string, number>
  outcomes: { win: number; loss: number }
  models: SetupGroup[]
  killZones: SetupGroup[]
  recent: Signal[]
}

export interface SymbolReading {
  symbol: string
  lastCandleTime: string | null
  lastPrice: number | null
  trend: number | string | null
  bias: number | string | null
  killZone: string | string[] | null
  reading: string | null
  /** Confluence points for a trade in each direction as things stand. */
  scoreLong?: number | null
  scoreShort?: number | null
  /** What each added detector shows, by its name. */
  added?: Record<string, Record<string, number | null>>
}

export type MonitorState = 'starting' | 'warming_up' | 'running' | 'stale' | 'halted' | 'stopped'

export interface Monitor {
  state: MonitorState
  detail: string
  mode: string
  environment: string
  marketData: string
  simulated: boolean
  symbols: SymbolReading[]
  marketTime: string | number | null
  dataAgeMs: number | null
  heartbeatAt: string | number | null
  /** Why no new trade may be opened; null when one may. */
  entriesPaused: string | null
  /** What pauses entries: `person`, `kill switch` or something of the system's own. */
  pauseCauses?: string[]
  /** Symbols on which journal and exchange disagree, and what to do about it. */
  quarantined?: { symbol: string, reason: string }[]
  guards?: GuardReading[]
  /** What all stops would cost as their entries were made, and the most that may be; USDT. */
  openRisk?: { used: number, limit: number } | null
  epoch: number
  catchingUp: boolean
}

/** A guard that looks back; `sentence` is there while it stands in the way. */
export interface GuardReading {
  name: string
  limit: number
  used: number
  left: number
  sentence: string | null
  until: string | null
}

export interface CommandWish {
  type: 'pause_entries' | 'resume_entries' | 'cancel_entries' | 'close_trade' | 'move_stop' | 'move_target' | 'close_all' | 'kill' | 'resume'
  signalId?: string
  price?: number
  breakEven?: boolean
  confirm?: boolean
}

/** `outcome` and `sentence` are null while it waits. */
export interface Command {
  id: number
  type: string
  signalId: string | null
  requestedBy: string
  requestedAt: string
  handledAt: string | null
  outcome: 'done' | 'refused' | 'failed' | null
  sentence: string | null
  /** What it withdraws and closes, known once the engine has begun. */
  steps: CommandStep[]
}

/** One order or position of a command: done once the exchange has confirmed it. */
export interface CommandStep {
  kind: 'entry' | 'position'
  name: string
  symbol: string
  direction: Direction
  quantity: number
  state: 'waiting' | 'done' | 'refused'
  note: string | null
}

/** What closing everything and withdrawing every entry would touch. */
export interface Exposure {
  positions: number
  positionsValue: number
  unrealizedPnL: number
  entries: number
  entriesValue: number
}

export interface Health {
  status: 'ok' | 'degraded'
  version: string
  environment: string
  mode: string
  marketData: string
  simulated: boolean
  monitor: Monitor | null
  time: string
}

export interface LiveTrade {
  id: number
  signalId: string
  symbol: string
  currentPrice: number | null
  unrealizedPnL: number | null
  unrealizedR: number | null
}

export interface LivePrice {
  last: number | null
  mark: number | null
  time: string | number | null
}

export interface PriceSnapshot {
  marketTime: string | number | null
  prices: Record<string, LivePrice>
  openTrades: LiveTrade[]
  equity: number | null
  wallet: number | null
  openPnL: number | null
  openPnLPercent: number | null
  openR: number | null
  equityTime: string | number | null
}

/** What every durable event carries besides its own part. */
export interface DurableEvent {
  id: number
  time: string
}

export interface SignalEvent extends DurableEvent {
  signal: Signal
}

export interface TradeEvent extends DurableEvent {
  trade: Trade
}

/** A stop or target that was moved; `by` is who asked for it, or `exchange`. */
export interface Move {
  stop: { from: number, to: number } | null
  target: { from: number, to: number } | null
  by: string
}

export interface MoveEvent extends TradeEvent {
  move: Move
}

export interface NotificationWish {
  event: string
  channel: string
}

export interface NotificationChannel {
  name: string
  configured: boolean
  missing: string | null
}

export interface NotificationEvent {
  name: string
  severity: 'info' | 'warning' | 'critical'
}

export interface NotificationTarget {
  id: number
  channel: string
  label: string
  verified: boolean
  createdAt: string
}

/** Quiet hours are minutes after midnight in `timeZone`; null for none. */
export interface NotificationTerms {
  timeZone: string
  quietFrom: number | null
  quietTo: number | null
  minimumSeverity: 'info' | 'warning' | 'critical'
  digest: 'off' | 'hourly' | 'daily'
  summaryHour: number
  hideAmounts: boolean
}

export interface NotificationPreferences {
  events: NotificationEvent[]
  channels: NotificationChannel[]
  targets: NotificationTarget[]
  enabled: NotificationWish[]
  profile: NotificationTerms
}

export interface NotificationChoice {
  enabled: NotificationWish[]
  profile: NotificationTerms
}

/** What a provider said to a message that somebody asked for himself. */
export interface NotificationAttempt {
  sent: boolean
  answer: string
}

export interface AddedNotificationTarget {
  target: NotificationTarget
  code: NotificationAttempt | null
}

export interface NotificationMessage {
  id: number
  event: string
  severity: 'info' | 'warning' | 'critical'
  channel: string
  target: string | null
  status: 'pending' | 'sent' | 'failed' | 'expired'
  digested: boolean
  attempts: number
  error: string | null
  createdAt: string
  finishedAt: string | null
  nextAttemptAt: string | null
}

/** What became of something a person asked for, in a sentence to show him. */
export interface Outcome {
  text: string
  failed: boolean
}
