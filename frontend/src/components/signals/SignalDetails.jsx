import { Ban, Check } from 'lucide-react'

import { formatPrice, formatScore } from '../../format/numbers.js'
import { spellOut } from '../../format/words.js'
import { DirectionWord } from '../ui/Direction.jsx'
import { Fact, Facts } from '../ui/Facts.jsx'
import { Sentences } from '../ui/Sentences.jsx'
import { UtcTime } from '../ui/UtcTime.jsx'
import { SignalStatusBadge } from './SignalStatus.jsx'

/** @import { Signal } from '../../api/types' */

/**
 * Why a signal was taken or not, sentences first, then the points it was scored by.
 * @param {{ signal: Signal }} props
 */
export function SignalDetails({ signal }) {
  return (
    <div className="flex flex-col gap-5 p-4">
      <div className="flex flex-wrap items-center gap-2">
        <DirectionWord direction={signal.direction} />
        <SignalStatusBadge status={signal.status} />
        <span className="text-xs text-muted">
          {spellOut(signal.model)} · {signal.timeframe} · <UtcTime time={signal.time} zone />
        </span>
      </div>
      <Sentences title="Why it was refused" sentences={signal.refusals} Icon={Ban} colour="text-warn" />
      <Sentences title="What spoke for it" sentences={signal.reasons} Icon={Check} colour="text-up" />
      <Levels signal={signal} />
      <ComponentTable components={signal.components} score={signal.confluenceScore} />
      <p className="text-xs break-all text-faint">{signal.signalId}</p>
    </div>
  )
}

/** @param {{ signal: Signal }} props */
function Levels({ signal }) {
  return (
    <Facts label="Levels">
      <Fact name="Entry">{formatPrice(signal.entryPrice)}</Fact>
      <Fact name="Stop">{formatPrice(signal.stopLoss)}</Fact>
      <Fact name="Target">{formatPrice(signal.takeProfit)}</Fact>
    </Facts>
  )
}

/** @param {{ components: Record<string, number>, score: number }} props */
function ComponentTable({ components, score }) {
  return (
    <section>
      <h3 className="mb-2 font-semibold">Confluence score</h3>
      <table aria-label="Confluence score" className="figures w-full">
        <thead className="text-left text-xs text-muted">
          <tr>
            <th scope="col" className="pb-1 font-medium">
              Component
            </th>
            <th scope="col" className="pb-1 text-right font-medium">
              Points
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(components).map(([name, points]) => (
            <tr key={name} className={`border-t border-line ${points === 0 ? 'text-muted' : ''}`}>
              <th scope="row" className="py-1.5 text-left font-normal">
                {spellOut(name)}
              </th>
              <td className="py-1.5 text-right font-medium">{formatScore(points)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t-2 border-field font-semibold">
            <th scope="row" className="py-1.5 text-left">
              Score of 100
            </th>
            <td className="py-1.5 text-right">{formatScore(score)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  )
}
