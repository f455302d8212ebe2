import { formatCount, formatMoney, formatR, formatRatio, formatShare, formatSignedMoney, isKnown, UNKNOWN } from '../../../format/numbers.js'
import { formatDuration } from '../../../format/times.js'
import { fieldWords } from '../words.js'

/** @typedef {(value: number | null | undefined) => string} Format */

const times = (/** @type {number | null | undefined} */ value) => (isKnown(value) ? `${formatRatio(value)}×` : UNKNOWN)
const duration = (/** @type {number | null | undefined} */ value) => (isKnown(value) ? formatDuration(value) : UNKNOWN)

/**
 * Every figure of a report: its name, how it is written and what it means. The order is the report's.
 * @type {Record<string, { label: string, format: Format, definition: string }>}
 */
const FIGURES = {
  net: { label: 'Net result, USDT', format: formatSignedMoney, definition: 'All closed trades after fees and funding, USDT.' },
  annual_growth: { label: 'Annual growth', format: formatShare, definition: 'What the equity would have grown in a year at this pace, compounded.' },
  sharpe: { label: 'Sharpe', format: formatRatio, definition: 'Mean daily return over its deviation, times √365.' },
  sortino: { label: 'Sortino', format: formatRatio, definition: 'Like Sharpe, counting only the days that lost.' },
  calmar: { label: 'Calmar', format: formatRatio, definition: 'Annual growth over the deepest drawdown.' },
  omega: { label: 'Omega', format: formatRatio, definition: 'Sum of the daily gains over the sum of the daily losses.' },
  max_drawdown: { label: 'Max drawdown', format: formatShare, definition: 'The deepest fall of equity from a peak.' },
  drawdown_length_ms: { label: 'Drawdown length', format: duration, definition: 'From the peak of the deepest drawdown to its recovery, or to the end.' },
  drawdown_recovery_ms: { label: 'Drawdown recovery', format: duration, definition: 'From the lowest point to the recovery; unknown when there was none.' },
  profit_factor: { label: 'Profit factor', format: formatRatio, definition: 'Money won divided by money lost.' },
  expectancy_in_r: { label: 'Expectancy', format: formatR, definition: 'Mean result of a trade in units of the risk it took.' },
  system_quality: { label: 'System quality', format: formatRatio, definition: 'Expectancy over the deviation of the results, times the root of their count, of at most 100 (SQN).' },
  win_rate: { label: 'Win rate', format: formatShare, definition: 'Trades that ended above zero after costs.' },
  win_rate_long: { label: 'Win rate, long', format: formatShare, definition: 'The same of long trades.' },
  win_rate_short: { label: 'Win rate, short', format: formatShare, definition: 'The same of short trades.' },
  average_win: { label: 'Average win, USDT', format: formatSignedMoney, definition: 'Of the trades that won, USDT.' },
  average_loss: { label: 'Average loss, USDT', format: formatSignedMoney, definition: 'Of the trades that lost, USDT.' },
  longest_winning_streak: { label: 'Longest winning streak', format: formatCount, definition: 'Trades in a row.' },
  longest_losing_streak: { label: 'Longest losing streak', format: formatCount, definition: 'Trades in a row.' },
  exposure: { label: 'Exposure', format: formatShare, definition: 'Share of the time with a trade open.' },
  average_holding_ms: { label: 'Average holding', format: duration, definition: 'From entry to exit.' },
  turnover: { label: 'Turnover', format: times, definition: 'Value bought and sold in multiples of the average equity.' },
  fees: { label: 'Fees, USDT', format: formatMoney, definition: 'Paid in all, USDT.' },
  funding: { label: 'Funding, USDT', format: formatSignedMoney, definition: 'Received in all, USDT; below zero it was paid.' },
  fee_share: { label: 'Fee share', format: formatShare, definition: 'Fees as a share of what the winners earned before costs.' },
  funding_share: { label: 'Funding share', format: formatShare, definition: 'Funding as a share of what the winners earned before costs.' },
  adverse_excursion_in_r: { label: 'Adverse excursion', format: formatR, definition: 'How far prices went against a trade on average, in distances to the stop (MAE).' },
  favourable_excursion_in_r: { label: 'Favourable excursion', format: formatR, definition: 'How far prices went for a trade on average, in distances to the stop (MFE).' },
}

/** The figures that come first. */
export const HEADLINES = ['net', 'expectancy_in_r', 'sharpe', 'max_drawdown', 'profit_factor', 'win_rate']

/** Figures whose sign is good or bad news. */
export const SIGNED = new Set(['net', 'annual_growth', 'expectancy_in_r'])

/** A figure nobody has named here yet is spelled out. @param {string} name */
export function figureWords(name) {
  return FIGURES[name] ?? { label: fieldWords(name), format: formatRatio, definition: 'As docs/statistics.md defines it.' }
}
