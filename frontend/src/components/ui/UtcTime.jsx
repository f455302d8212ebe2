import { formatFullUtc, formatMinuteUtc } from '../../format/times.js'

/**
 * An instant, to the minute, with the exact time on hover. Column headings name the zone; elsewhere set `zone`.
 * @param {{ time: string | null, zone?: boolean }} props
 */
export function UtcTime({ time, zone = false }) {
  return (
    <time dateTime={time ?? undefined} title={formatFullUtc(time)} className="figures whitespace-nowrap">
      {formatMinuteUtc(time)}
      {zone && time !== null && ' UTC'}
    </time>
  )
}
