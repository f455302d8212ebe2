import { ChevronRight } from 'lucide-react'

import { formatScore } from '../../format/numbers.js'
import { spellOut } from '../../format/words.js'
import { DirectionWord } from '../ui/Direction.jsx'
import { UtcTime } from '../ui/UtcTime.jsx'
import { SignalStatusBadge } from './SignalStatus.jsx'

/** @import { Signal } from '../../api/types' */

/**
 * The newest signals, refused ones too, each with the sentence that matters most.
 * @param {{ signals: Signal[], onOpen: (signal: Signal) => void }} props
 */
export function RecentSignals({ signals, onOpen }) {
  return (
    <ul aria-label="Recent signals" className="divide-y divide-line">
      {signals.map((signal) => (
        <li key={signal.signalId}>
          <button
            type="button"
            onClick={() => onOpen(signal)}
            className="flex w-full items-center gap-2 px-4 py-2.5 text-left -outline-offset-2 hover:bg-raised/60"
          >
            <span className="flex min-w-0 flex-1 flex-col gap-1">
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <span className="font-semibold">{signal.symbol}</span>
                <DirectionWord direction={signal.direction} />
                <SignalStatusBadge status={signal.status} />
                <span className="ml-auto text-xs text-muted">
                  <UtcTime time={signal.time} zone />
                </span>
              </span>
              <span className="line-clamp-2 text-xs text-muted">{leadSentence(signal)}</span>
              <span className="figures text-xs text-muted">
                {spellOut(signal.model)} · {signal.timeframe} · score {formatScore(signal.confluenceScore)}
              </span>
            </span>
            <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-faint" />
          </button>
        </li>
      ))}
    </ul>
  )
}

/** @param {Signal} signal */
function leadSentence({ refusals, reasons }) {
  return refusals[0] ?? reasons[0] ?? 'No reason was recorded.'
}
