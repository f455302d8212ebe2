import { formatPeriod } from '../../../format/days.js'
import { formatBareR } from '../../../format/numbers.js'
import { counted } from '../../../format/words.js'
import { ofCandles } from '../words.js'
import { span } from './Examined.jsx'

/** @import { SealedSegment } from '../../../api/backtestTypes' */

/**
 * Which time no trial has read, and what was seen there if it was opened.
 * @param {{ sealed: SealedSegment, source: string | undefined }} props
 */
export function Sealed({ sealed: { from, to, opened, whyNot }, source }) {
  const days = formatPeriod(from, to)
  const whose = ofCandles(source)
  if (opened === null) {
    return <p className="p-4 text-sm">{days}{whose} is sealed still: nothing above has read it. {whyNot ?? 'A search or a walk-forward can open it, once.'}</p>
  }
  const { trades, expectancy, earlierReaders } = opened
  return (
    <div className="flex flex-col gap-1 p-4 text-sm">
      <p className="font-semibold">
        {days}{whose}, opened once: {counted(trades, 'trade')}, {formatBareR(expectancy.estimate)} R a trade ({span(expectancy.low, expectancy.high)}).
      </p>
      <p className="text-xs text-muted">{earlierReaders === 0 ? 'No trial had read any of it before.' : `${counted(earlierReaders, 'earlier trial')} may have read some of it, so it is less of a test.`}</p>
    </div>
  )
}
