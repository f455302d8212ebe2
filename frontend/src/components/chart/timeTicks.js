import { formatMonth } from '../../format/days.js'
import { formatDayUtc, formatMinuteOfDayUtc } from '../../format/times.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MOST_TICKS = 8
const STEPS = [
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7].map((days) => days * DAY),
]
const MONTH_STEPS = [1, 2, 3, 6, 12]

/**
 * Round UTC instants inside a period, few enough to be labelled: of a clock, of days, or the first
 * days of months.
 * @param {number} from UTC ms
 * @param {number} until UTC ms
 */
export function timeTicks(from, until) {
  const step = STEPS.find((size) => (until - from) / size <= MOST_TICKS)
  if (step === undefined) return monthTicks(from, until)
  const ticks = []
  for (let tick = Math.ceil(from / step) * step; tick <= until; tick += step) ticks.push(tick)
  return ticks
}

/** @param {number} from @param {number} until UTC ms */
function monthTicks(from, until) {
  const months = (until - from) / (30 * DAY)
  const step = MONTH_STEPS.find((size) => months / size <= MOST_TICKS) ?? Math.ceil(months / MOST_TICKS / 12) * 12
  const start = new Date(from)
  const ticks = []
  for (let month = Math.floor(start.getUTCMonth() / step) * step; ; month += step) {
    const tick = Date.UTC(start.getUTCFullYear(), month, 1)
    if (tick > until) return ticks
    if (tick >= from) ticks.push(tick)
  }
}

/** The day at midnight, else the time of day. @param {number} tick */
export function formatTimeTick(tick) {
  return tick % DAY === 0 ? formatDayUtc(tick) : formatMinuteOfDayUtc(tick)
}

/** `Dec 2025`. @param {number} tick the first day of a month */
function formatMonthTick(tick) {
  const month = new Date(tick).toISOString().slice(0, 7)
  return `${formatMonth(month)} ${month.slice(0, 4)}`
}

/**
 * The ticks of a period and how to write them.
 * @param {number} from UTC ms
 * @param {number} until UTC ms
 */
export function timeAxis(from, until) {
  const byMonth = (until - from) / Math.max(...STEPS) > MOST_TICKS
  return { ticks: timeTicks(from, until), tickFormatter: byMonth ? formatMonthTick : formatTimeTick }
}
