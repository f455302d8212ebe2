import { ChevronRight } from 'lucide-react'
import { useState } from 'react'

import { formatScore } from '../../format/numbers.js'
import { spellOut } from '../../format/words.js'
import { Button } from '../ui/Button.jsx'
import { DirectionWord } from '../ui/Direction.jsx'
import { UtcTime } from '../ui/UtcTime.jsx'
import { SignalStatusBadge } from './SignalStatus.jsx'

/** @import { Signal } from '../../api/types' */

const SHOWN_AT_FIRST = 8

/**
 * The newest signals, refused ones too, each with the sentence that matters most.
 * @param {{ signals: Signal[], onOpen: (signal: Signal) => void }} props
 */
export function RecentSignals({ signals, onOpen }) {
  const [all, setAll] = useState(false)
  const shown = all ? signals : signals.slice(0, SHOWN_AT_FIRST)
  return (
    <>
      <ul aria-label="Recent signals" className="divide-y divide-line">
        {shown.map((signal) => (
          <li key={signal.signalId}>
            <SignalButton signal={signal} onOpen={onOpen} />
          </li>
        ))}
      </ul>
      {signals.length > SHOWN_AT_FIRST && (
        <div className="border-t border-line p-2 text-center">
          <Button look="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${signals.length}`}
          </Button>
        </div>
      )}
    </>
  )
}

/** @param {{ signal: Signal, onOpen: (signal: Signal) => void }} props */
function SignalButton({ signal, onOpen }) {
  return (
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
        </span>
        <span className="line-clamp-2 text-xs text-ink/85">{leadSentence(signal)}</span>
        <span className="figures flex flex-wrap justify-between gap-x-3 text-xs text-muted">
          <span>
            {spellOut(signal.model)} · {signal.timeframe} · score {formatScore(signal.confluenceScore)}
          </span>
          <UtcTime time={signal.time} zone />
        </span>
      </span>
      <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-faint" />
    </button>
  )
}

/** @param {Signal} signal */
function leadSentence({ refusals, reasons }) {
  return refusals[0] ?? reasons[0] ?? 'No reason was recorded.'
}
