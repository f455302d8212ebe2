/** Times as text, always with their zone. On the wire they are ISO 8601 with Z, or UTC ms. */

import { UNKNOWN } from './numbers.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const LOCALE = 'en-GB'

const dayAndMinute = new Intl.DateTimeFormat(LOCALE, {
  timeZone: 'UTC',
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const day = new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', day: '2-digit', month: 'short' })
const clock = new Intl.DateTimeFormat(LOCALE, {
  timeZone: 'UTC',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const minuteOfDay = new Intl.DateTimeFormat(LOCALE, {
  timeZone: 'UTC',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const full = new Intl.DateTimeFormat(LOCALE, {
  timeZone: 'UTC',
  dateStyle: 'medium',
  timeStyle: 'medium',
})

/**
 * UTC milliseconds of a time on the wire, or null.
 * @param {string | number | null | undefined} time
 */
export function toMilliseconds(time) {
  if (time === null || time === undefined) return null
  const milliseconds = typeof time === 'number' ? time : Date.parse(time)
  return Number.isFinite(milliseconds) ? milliseconds : null
}

/**
 * @param {Intl.DateTimeFormat} format
 * @param {string | number | null | undefined} time
 */
function render(format, time) {
  const milliseconds = toMilliseconds(time)
  return milliseconds === null ? null : format.format(milliseconds)
}

/** `22 Nov, 13:05`, for a column whose heading names the zone. @param {string | number | null | undefined} time */
export function formatMinuteUtc(time) {
  return render(dayAndMinute, time) ?? UNKNOWN
}

/** `22 Nov`. @param {string | number | null | undefined} time */
export function formatDayUtc(time) {
  return render(day, time) ?? UNKNOWN
}

/** `13:05`. @param {string | number | null | undefined} time */
export function formatMinuteOfDayUtc(time) {
  return render(minuteOfDay, time) ?? UNKNOWN
}

/** `13:05:30`. @param {string | number | null | undefined} time */
export function formatClockUtc(time) {
  return render(clock, time) ?? UNKNOWN
}

/** `22 Nov 2026, 13:05:30 UTC`. @param {string | number | null | undefined} time */
export function formatFullUtc(time) {
  const text = render(full, time)
  return text === null ? UNKNOWN : `${text} UTC`
}

/** The age of data, coarser as it grows: `0.4 s`, `12 s`, `4 min`, `2 h`. @param {number} milliseconds */
export function formatAge(milliseconds) {
  if (milliseconds < SECOND) return '< 1 s'
  if (milliseconds < 2 * MINUTE) return `${Math.floor(milliseconds / SECOND)} s`
  if (milliseconds < 2 * HOUR) return `${Math.floor(milliseconds / MINUTE)} min`
  return `${Math.floor(milliseconds / HOUR)} h`
}

/** How long something lasts: `45 min`, `3 h 05 m`, `2 d 4 h`. @param {number} milliseconds */
export function formatDuration(milliseconds) {
  const minutes = Math.floor((milliseconds % HOUR) / MINUTE)
  const hours = Math.floor((milliseconds % DAY) / HOUR)
  if (milliseconds < MINUTE) return `${Math.floor(milliseconds / SECOND)} s`
  if (milliseconds < HOUR) return `${minutes} min`
  if (milliseconds < DAY) return `${hours} h ${String(minutes).padStart(2, '0')} m`
  return `${Math.floor(milliseconds / DAY)} d ${hours} h`
}

/**
 * The time between two instants on the wire.
 * @param {string | null} from
 * @param {string | null} until
 */
export function formatTimeBetween(from, until) {
  const start = toMilliseconds(from)
  const end = toMilliseconds(until)
  return start === null || end === null ? UNKNOWN : formatDuration(end - start)
}
