/** @import { BacktestTrade } from '../../../api/backtestTypes' */

/** `Trade 12, BTCUSDT long`. @param {BacktestTrade} trade */
export function tradeTitle({ n, symbol, direction }) {
  return `Trade ${n}, ${symbol} ${direction}`
}

/**
 * Columns to sort by; times sort as the text they are.
 * @type {{ key: string, text: string, number?: boolean, value: (trade: BacktestTrade) => number | string | null }[]}
 */
export const SORTS = [
  { key: 'n', text: 'No.', number: true, value: ({ n }) => n },
  { key: 'symbol', text: 'Symbol', value: ({ symbol }) => symbol },
  { key: 'entryTime', text: 'Entered (UTC)', value: ({ entryTime }) => entryTime },
  { key: 'held', text: 'Held', value: ({ entryTime, exitTime }) => (exitTime === null ? null : Date.parse(exitTime) - Date.parse(entryTime)) },
  { key: 'exitReason', text: 'Exit', value: ({ exitReason }) => exitReason },
  { key: 'netPnL', text: 'Net (USDT)', number: true, value: ({ netPnL }) => netPnL },
  { key: 'resultR', text: 'R', number: true, value: ({ resultR }) => resultR },
  { key: 'mae', text: 'Against, R', number: true, value: ({ mae }) => mae },
  { key: 'mfe', text: 'For, R', number: true, value: ({ mfe }) => mfe },
  { key: 'entryPrice', text: 'Entry', number: true, value: ({ entryPrice }) => entryPrice },
  { key: 'exitPrice', text: 'Exit price', number: true, value: ({ exitPrice }) => exitPrice },
  { key: 'fees', text: 'Fees', number: true, value: ({ fees }) => fees },
  { key: 'model', text: 'Model', value: ({ model }) => model },
  { key: 'killZone', text: 'Kill zone', value: ({ killZone }) => killZone },
  { key: 'score', text: 'Score', number: true, value: ({ score }) => score },
]

/**
 * In the order of one column; what is unknown comes last either way.
 * @param {BacktestTrade[]} trades
 * @param {{ key: string, descending: boolean }} order
 */
export function sortedTrades(trades, { key, descending }) {
  const value = SORTS.find((sort) => sort.key === key)?.value ?? (({ n }) => n)
  return trades.toSorted((left, right) => {
    const [one, other] = [value(left), value(right)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    const rising = one < other ? -1 : one > other ? 1 : left.n - right.n
    return descending ? -rising : rising
  })
}
