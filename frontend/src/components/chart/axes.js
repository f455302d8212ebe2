/** How every Recharts panel draws its axes. */
import { MINUS } from '../../format/numbers.js'

export const MARGIN = { top: 8, right: 16, bottom: 0, left: 0 }
export const AXIS = { stroke: 'var(--line)', tick: { fill: 'var(--muted)', fontSize: 11 }, tickLine: false }
export const Y_WIDTH = 60

const ROUND = [1, 2, 2.5, 5, 10]

/**
 * Round values at equal distances, the first and last of which enclose all that is given: ticks and
 * domain of an axis at once.
 * @param {number[]} values
 * @param {number} most intervals between them
 */
export function roundTicks(values, most) {
  const [low, high] = extremesOf(values)
  const size = 10 ** Math.floor(Math.log10(Math.max(high - low, Math.abs(high) * 1e-3, 1e-9) / most))
  const spans = ROUND.map((one) => spanOf(low, high, one * size))
  const { step, first, last } = spans.find((span) => span.last - span.first <= most) ?? spanOf(low, high, 20 * size)
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

/** In steps: the last one below and the first one above, one apart at least. @param {number} low @param {number} high @param {number} step */
function spanOf(low, high, step) {
  const first = Math.floor(low / step + 1e-9)
  return { step, first, last: Math.max(Math.ceil(high / step - 1e-9), first + 1) }
}

/** @param {number[]} values @returns {[number, number]} */
function extremesOf(values) {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return low <= high ? [low, high] : [0, 1]
}

/**
 * Writes ticks with as many decimals as their distance needs, the same for all.
 * @param {number[]} ticks at equal distances
 * @param {string} [unit]
 */
export function tickFormat(ticks, unit = '') {
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0))
  const decimals = [0, 1, 2, 3, 4].find((count) => Math.abs(step * 10 ** count - Math.round(step * 10 ** count)) < 1e-6) ?? 4
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return (/** @type {number} */ value) => `${format.format(value).replace('-', MINUS)}${unit}`
}

/** The `ticks`, `domain` and `tickFormatter` of a Recharts axis. @param {number[]} values @param {number} most intervals @param {string} [unit] */
export function roundAxis(values, most, unit) {
  const ticks = roundTicks(values, most)
  return { ticks, domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1], tickFormatter: tickFormat(ticks, unit), interval: 0 }
}
