/** Shapes of /api/backtests. Money in quote currency, times ISO 8601 with Z, undefined numbers null. */

import type { Direction } from './types'

export type BacktestStatus = 'queued' | 'running' | 'finished' | 'failed' | 'cancelled' | 'lost'
export type ParameterValue = number | string | boolean | string[]

/** Rates are fractions of the traded value. */
export interface BacktestCosts {
  takerFeeRate: number
  makerFeeRate: number
  slippageBps: number
}

/** `from` and `to` are days such as 2026-01-31; null for the first and the last candle. */
export interface BacktestRequest {
  symbols: string[]
  timeframe: string
  from: string | null
  to: string | null
  initialBalance: number
  seed: number
  market: string
  parameters: Record<string, ParameterValue>
  costs: BacktestCosts
  riskPerTrade: number
  maxPositions: number
  walkForward: (BacktestSearch & { folds: number }) | null
  optimise: BacktestSearch | null
  ablate: { sealed: number } | null
}

/** `sealed` is the last share of the time, which is read only when it is opened. */
export interface BacktestSearch {
  trials: number
  sealed: number
  openSealed: boolean
}

export interface CandleSeries {
  market: string
  symbol: string
  timeframe: string
  from: string
  to: string
  candles: number
  missing: number
}

export interface DeclaredParameter {
  name: string
  label: string
  type: string
  min: number | null
  max: number | null
  step: number | null
  default: ParameterValue
  choices?: string[] | null
}

export interface BacktestOptions {
  markets: string[]
  series: CandleSeries[]
  parameters: DeclaredParameter[]
  defaults: BacktestRequest
}

export interface BacktestProgress {
  stage: string
  done: number
  total: number
  barsPerSecond: number | null
  etaSeconds: number | null
}

/** `maxDrawdown` is a fraction. */
export interface BacktestHeadline {
  netR: number | null
  trades: number
  sharpe: number | null
  maxDrawdown: number | null
}

export interface BacktestJob {
  id: number
  status: BacktestStatus
  request: BacktestRequest
  progress: BacktestProgress | null
  verdict: string | null
  headline: BacktestHeadline | null
  error: string | null
  requestedBy: string
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
  attempts: number
}

export type LiveBacktestJob = Pick<BacktestJob, 'id' | 'status' | 'progress'>

/** A number and the count of observations it rests on. */
export interface Figure {
  value: number | null
  n: number
}

export interface Interval {
  estimate: number | null
  low: number | null
  high: number | null
  confidence: number
  n: number
}

export interface Baseline {
  observed: number | null
  mean: number | null
  low: number | null
  high: number | null
  p_value: number | null
  n: number
  draws: number
}

/** As src/backtest/examination.py writes it. */
export interface Examination {
  verdict: { finding: string; sentence: string; doubts: string[] }
  expectancy_in_r: Interval
  sharpe: Interval
  deflated_sharpe: { probability: number | null; trials: number } | null
  overfitting: { probability: number | null; trials: number } | null
  random_entries: Baseline | null
  shuffled_directions: Baseline | null
  stressed: (Interval & { name: string })[]
}

export interface BacktestTrade {
  n: number
  symbol: string
  direction: Direction
  model: string
  killZone: string | null
  entryTime: string
  exitTime: string | null
  entryPrice: number
  exitPrice: number | null
  stop: number
  target: number
  quantity: number
  netPnL: number | null
  resultR: number | null
  fees: number
  funding: number
  exitReason: string | null
  ambiguous: boolean
  score: number
  mae: number | null
  mfe: number | null
}

/** `winRate` is a fraction; `key` is `none` where there is no name. */
export interface ResultGroup {
  key: string
  trades: number
  netR: number | null
  winRate: number | null
}

export interface WalkForwardFold {
  fold: number
  from: string
  to: string
  netR: number | null
  trades: number
  /** R per trade where the parameters were chosen and where they were tested. */
  trainedR: number | null
  testedR: number | null
  /** The parameters that did best where they were chosen; null when none was a candidate. */
  chosen?: Record<string, ParameterValue> | null
}

/** All that was traded outside the training; `efficiency` is its expectancy over the trained one. */
export interface OutsideTraining {
  verdict: string
  expectancy: Interval
  efficiency: number | null
}

/** A trial of a search; `candidate` is false where it closed too few trades to be chosen. */
export interface SearchTrial {
  parameters: Record<string, ParameterValue>
  trades: number
  netR: number
  sharpe: number | null
  deflatedSharpe: number | null
  candidate: boolean
}

/** Different trials, the best first. */
export interface Optimisation {
  trials: number
  chosen: Record<string, ParameterValue> | null
  table: SearchTrial[]
  neighbours: (Interval & { name: string })[]
}

/** The run without a component of the score; null is the run as asked. */
export interface AblationRow {
  component: string | null
  trades: number
  netR: number
  expectancy: Interval
}

export interface SealedSegment {
  from: string
  to: string
  opened: { trades: number; netR: number; expectancy: Interval; earlierReaders: number } | null
  /** Why it stayed closed although it was to be opened, or why it never can be. */
  whyNot?: string | null
}

/** R that the first `trade` trades add up to, in shares of the resamples. */
export interface FanPoint {
  trade: number
  p5: number
  p25: number
  p50: number
  p75: number
  p95: number
}

export interface CandleGap {
  symbol: string
  from: string
  to: string
}

/** A guard of zero is off. */
export interface BacktestSettings {
  account: Record<string, number>
  guards: Record<string, number>
  smtPairs: [string, string][]
  parameters: Record<string, ParameterValue>
}

export interface BacktestReport {
  from: string
  to: string
  verdict: string
  /** Whose candles were read and which trials count against the result; reports of earlier versions do not say. */
  source?: string
  trialsCounted?: string
  examination: Examination | null
  figures: Record<string, Figure>
  equity: { points: { time: string; equity: number; wallet: number; drawdown: number }[] }
  monthly: { month: string; returnPercent: number | null }[]
  trades: BacktestTrade[]
  openTrades: BacktestTrade[]
  tables: { bySymbol: ResultGroup[]; byModel: ResultGroup[]; byKillZone: ResultGroup[]; byDirection: ResultGroup[] }
  /** These are part of some kinds only; reports from before there were kinds lack all but the first. */
  walkForward: WalkForwardFold[] | null
  outside?: OutsideTraining | null
  optimisation?: Optimisation | null
  ablation?: AblationRow[] | null
  sealed?: SealedSegment | null
  bootstrap: { fan: FanPoint[] } | null
  refusals: Record<string, number>
  /** What the run was traded with, chosen parameters included; reports of earlier versions lack it. */
  settings?: BacktestSettings
  costs: Record<string, number | string | null>
  candles: number
  gaps: CandleGap[]
  ambiguous: number
  timings: Record<string, number>
}

/** Time (UTC ms), open, high, low, close. */
export type CandleRow = [number, number, number, number, number]

export interface BacktestCandles {
  candles: CandleRow[]
  step: number
}
