/**
 * When the next kill zone opens. Windows are wall-clock times in New York, so daylight saving there
 * moves them in UTC. Which one is open now is the monitor's word, not ours.
 */

const ZONE = 'America/New_York'
const DAYS_AHEAD = 2

/** Starts in New York, minutes after midnight; windows inside another one are left out. */
const STARTS = /** @type {const} */ ([
  { name: 'london_open', minutes: 2 * 60 },
  { name: 'ny_am', minutes: 7 * 60 },
  { name: 'london_close', minutes: 10 * 60 },
  { name: 'ny_pm', minutes: 13 * 60 + 30 },
  { name: 'asia', minutes: 20 * 60 },
])

const newYork = new Intl.DateTimeFormat('en-US', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
})

/**
 * The New York wall clock at an instant, as if it were UTC milliseconds.
 * @param {number} instant
 */
function wallClock(instant) {
  /** @type {Record<string, number>} */
  const parts = {}
  for (const { type, value } of newYork.formatToParts(instant)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/**
 * The instant at which the New York wall clock shows a time; for a time that a switch to daylight
 * saving skips, the same time by the clock before the switch.
 * @param {number} wall as given by wallClock
 */
function instantOf(wall) {
  const guess = wall + (wall - wallClock(wall))
  const better = guess + (wall - wallClock(guess))
  return wallClock(better) === wall ? better : guess
}

/** `09:30` on the wall in New York. @param {number} now UTC ms */
export function formatMinuteInNewYork(now) {
  return new Date(wallClock(now)).toISOString().slice(11, 16)
}

/**
 * @param {number} now UTC ms
 * @returns {{ name: string, opensAt: number }}
 */
export function nextKillZone(now) {
  const wall = new Date(wallClock(now))
  const openings = []
  for (let day = 0; day < DAYS_AHEAD; day += 1) {
    for (const { name, minutes } of STARTS) {
      const start = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate() + day, 0, minutes)
      openings.push({ name, opensAt: instantOf(start) })
    }
  }
  const next = openings.find(({ opensAt }) => opensAt > now)
  if (next === undefined) throw new RangeError(`No kill zone opens within ${DAYS_AHEAD} days of ${now}.`)
  return next
}
