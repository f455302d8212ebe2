import { formatDate } from '../../format/days.js'
import { formatMoney, formatRate } from '../../format/numbers.js'
import { spellOut } from '../../format/words.js'

/** @import { BacktestJob, BacktestRequest, BacktestStatus } from '../../api/backtestTypes' */

/** @type {Record<BacktestStatus, { word: string, tone: 'neutral' | 'accent' | 'up' | 'down' | 'warn' }>} */
export const STATUSES = {
  queued: { word: 'Queued', tone: 'neutral' },
  running: { word: 'Running', tone: 'accent' },
  finished: { word: 'Finished', tone: 'neutral' },
  failed: { word: 'Failed', tone: 'warn' },
  cancelled: { word: 'Cancelled', tone: 'neutral' },
  lost: { word: 'Lost', tone: 'warn' },
}

/** What became of a run that has no report. @param {BacktestJob} job */
export function endSentence({ status, error }) {
  if (status === 'failed') return `It failed: ${error ?? 'no reason was given.'}`
  if (status === 'lost') return error ?? 'It was lost when the server stopped. Run it again.'
  if (status === 'cancelled') return 'It was cancelled before it had a result.'
  return null
}

/** The server's verdict as a sentence of its own. @param {string} verdict */
export function verdictSentence(verdict) {
  return `${verdict.charAt(0).toUpperCase()}${verdict.slice(1)}.`
}

/** `BTCUSDT, ETHUSDT · 5m`. @param {BacktestRequest} request */
export function requestTitle({ symbols, timeframe }) {
  return `${symbols.join(', ')} · ${timeframe}`
}

/** @param {BacktestRequest} request */
export function requestPeriod({ from, to }) {
  if (from === null && to === null) return 'all that is stored'
  return `${from === null ? 'first candle' : formatDate(from)} – ${to === null ? 'last candle' : formatDate(to)}`
}

/** `Bybit’s candles`. @param {string} source */
export function candlesOf(source) {
  return source === 'bybit' ? 'Bybit’s candles' : 'the simulator’s candles'
}

/** Whose candles they were, to stand behind a period; nothing where a report does not say. @param {string | undefined} source */
export function ofCandles(source) {
  return source === undefined ? '' : ` of ${candlesOf(source)}`
}

/** @type {Record<string, string>} */
const FIELD_NAMES = {
  takerFeeRate: 'Taker fee',
  makerFeeRate: 'Maker fee',
  slippageBps: 'Slippage',
  fundingRate: 'Funding assumed, each 8 h',
  maxLeverage: 'Most leverage',
  dailyLossLimitR: 'Daily loss limit, R',
  weeklyLossLimitR: 'Weekly loss limit, R',
  losingStreak: 'Losses in a row before a cooldown',
  cooldownMinutes: 'Cooldown, minutes',
  maxOpenRisk: 'Most open risk, share of the equity',
  maxEntryDistance: 'Farthest entry, share of the price',
  comparedForSMT: 'Compared',
  maxPositions: 'Most positions at once',
}

/** `Confluence threshold` of `confluenceThreshold` or `confluence_threshold`. @param {string} name */
export function fieldWords(name) {
  return FIELD_NAMES[name] ?? spellOut(name.replace(/([a-z0-9])([A-Z])/g, (_, before, after) => `${before}_${after.toLowerCase()}`))
}

const RATES = new Set(['takerFeeRate', 'makerFeeRate', 'fundingRate', 'riskPerTrade', 'sealed', 'maxOpenRisk', 'maxEntryDistance'])

/** A setting of a request as text; rates are fractions there. @param {string} name @param {unknown} value */
export function termWords(name, value) {
  if (RATES.has(name) && typeof value === 'number') return formatRate(value)
  if (name === 'slippageBps' && typeof value === 'number') return `${value} bps`
  if (name === 'maxLeverage') return `${String(value)}×`
  if (name === 'initialBalance' && typeof value === 'number') return `${formatMoney(value)} USDT`
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value === null || value === undefined ? '—' : String(value)
}

/** `Confluence threshold 60, Minimum reward 2`. @param {Record<string, unknown>} parameters */
export function valueWords(parameters) {
  return Object.entries(parameters)
    .map(([name, value]) => `${fieldWords(name)} ${termWords(name, value)}`)
    .join(', ')
}
