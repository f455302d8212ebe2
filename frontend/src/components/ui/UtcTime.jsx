import { formatDate } from '../../format/days.js'
import { formatFullUtc, formatMinuteOfDayUtc, formatMinuteUtc } from '../../format/times.js'

/**
 * An instant, to the minute, with the exact time on hover. Column headings name the zone; elsewhere set `zone`.
 * With `year` it cannot be taken for the same day of another one.
 * @param {{ time: string | null, zone?: boolean, year?: boolean }} props
 */
export function UtcTime({ time, zone = false, year = false }) {
  return (
    <time dateTime={time ?? undefined} title={formatFullUtc(time)} className="figures whitespace-nowrap">
      {year && time !== null ? `${formatDate(time)}, ${formatMinuteOfDayUtc(time)}` : formatMinuteUtc(time)}
      {zone && time !== null && ' UTC'}
    </time>
  )
}
