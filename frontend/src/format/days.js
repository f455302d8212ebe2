/** Days and months as text, UTC. */

import { UNKNOWN } from './numbers.js'
import { toMilliseconds } from './times.js'

const LOCALE = 'en-GB'
const MINUTE = 60_000
const TIMEFRAME_UNITS = /** @type {Record<string, number>} */ ({ m: MINUTE, h: 60 * MINUTE, d: 1440 * MINUTE })
const dayAndYear = new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' })
const monthName = new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', month: 'short' })

/** `22 Nov 2026`. @param {string | number | null | undefined} time */
export function formatDate(time) {
  const milliseconds = toMilliseconds(time)
  return milliseconds === null ? UNKNOWN : dayAndYear.format(milliseconds)
}

/** `25 Nov – 17 Dec 2025`. @param {string} from @param {string} until */
export function formatPeriod(from, until) {
  const [start, end] = [toMilliseconds(from), toMilliseconds(until)]
  return start === null || end === null ? UNKNOWN : dayAndYear.formatRange(start, end)
}

/** `Nov` of `2026-11`. @param {string} month */
export function formatMonth(month) {
  return monthName.format(Date.parse(`${month}-01T00:00:00Z`))
}

/** Milliseconds of `5m`, `1h` or `1d`. @param {string} timeframe */
export function timeframeMilliseconds(timeframe) {
  return Number.parseInt(timeframe, 10) * (TIMEFRAME_UNITS[timeframe.at(-1)?.toLowerCase() ?? ''] ?? MINUTE)
}
