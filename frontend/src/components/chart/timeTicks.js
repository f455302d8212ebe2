import { formatDayUtc, formatMinuteOfDayUtc } from '../../format/times.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MOST_TICKS = 8
const STEPS = [
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * DAY),
]

/**
 * Round UTC instants inside a period, few enough to be labelled.
 * @param {number} from UTC ms
 * @param {number} until UTC ms
 */
export function timeTicks(from, until) {
  const step = STEPS.find((size) => (until - from) / size <= MOST_TICKS) ?? until - from
  const ticks = []
  for (let tick = Math.ceil(from / step) * step; tick <= until; tick += step) ticks.push(tick)
  return ticks
}

/** The day at midnight, else the time of day. @param {number} tick */
export function formatTimeTick(tick) {
  return tick % DAY === 0 ? formatDayUtc(tick) : formatMinuteOfDayUtc(tick)
}
