/** Where times and prices lie on the price chart, in pixels. */

import { toMilliseconds } from '../../../format/times.js'

/** @import { BacktestTrade, CandleRow } from '../../../api/backtestTypes' */

export const CHART_HEIGHT = 340
export const AXIS_WIDTH = 78
export const AXIS_HEIGHT = 24
const PADDING = 14
const PRICE_TICKS = 7
const FEWEST_CANDLES = 40

/**
 * @typedef {object} PriceScale
 * @property {(time: number) => number} x
 * @property {(price: number) => number} y
 * @property {number} from UTC ms
 * @property {number} until
 * @property {number} candleWidth
 * @property {number[]} priceTicks
 */

/**
 * @param {CandleRow[]} candles oldest first, at least one
 * @param {number} step ms of a candle
 * @param {number} width of the whole chart
 * @param {number[]} alsoShown prices that must be in view
 * @returns {PriceScale}
 */
export function priceScale(candles, step, width, alsoShown) {
  const from = candles[0]?.[0] ?? 0
  const until = (candles.at(-1)?.[0] ?? 0) + step
  let low = Math.min(...alsoShown)
  let high = Math.max(...alsoShown)
  for (const [, , top, bottom] of candles) {
    if (bottom < low) low = bottom
    if (top > high) high = top
  }
  if (high <= low) high = low + Math.max(Math.abs(low), 1) / 100
  const plotWidth = Math.max(width - AXIS_WIDTH, 1)
  const plotHeight = CHART_HEIGHT - AXIS_HEIGHT - 2 * PADDING
  return {
    x: (time) => ((time - from) / (until - from)) * plotWidth,
    y: (price) => PADDING + ((high - price) / (high - low)) * plotHeight,
    from,
    until,
    candleWidth: Math.max((step / (until - from)) * plotWidth * 0.7, 0.6),
    priceTicks: roundPrices(low, high),
  }
}

/** A few round prices between two. @param {number} low @param {number} high */
function roundPrices(low, high) {
  const rough = (high - low) / PRICE_TICKS
  const size = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((one) => one * size).find((one) => one >= rough) ?? rough
  const ticks = []
  for (let index = Math.ceil(low / step); index * step <= high; index += 1) ticks.push(Number((index * step).toPrecision(12)))
  return ticks
}

/**
 * Candles as two paths, so that thousands cost two elements: those that rose and those that fell.
 * @param {CandleRow[]} candles
 * @param {number} step
 * @param {PriceScale} scale
 */
export function candlePaths(candles, step, { x, y, candleWidth }) {
  const paths = { up: '', down: '' }
  for (const [time, open, high, low, close] of candles) {
    const middle = x(time + step / 2)
    const [top, bottom] = open > close ? [y(open), y(close)] : [y(close), y(open)]
    const left = (middle - candleWidth / 2).toFixed(1)
    const height = Math.max(bottom - top, 0.8).toFixed(1)
    const path = `M${middle.toFixed(1)} ${y(high).toFixed(1)}V${y(low).toFixed(1)}M${left} ${top.toFixed(1)}h${candleWidth.toFixed(1)}v${height}h${(-candleWidth).toFixed(1)}z`
    if (close >= open) paths.up += path
    else paths.down += path
  }
  return paths
}

/**
 * The stretch of candles that shows one trade with what came before and after, UTC ms.
 * @param {BacktestTrade} trade
 * @param {number} candle ms
 */
export function windowOf({ entryTime, exitTime }, candle) {
  const entry = Date.parse(entryTime)
  const exit = toMilliseconds(exitTime) ?? entry
  const around = Math.max(FEWEST_CANDLES * candle, (exit - entry) / 2)
  const round = (/** @type {number} */ time) => Math.floor(time / candle) * candle
  return { from: Math.max(round(entry - around), 0), to: round(exit + around) + candle }
}
