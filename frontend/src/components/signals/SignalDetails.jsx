import { Ban, Check } from 'lucide-react'

import { formatPrice, formatScore } from '../../format/numbers.js'
import { spellOut } from '../../format/words.js'
import { DirectionWord } from '../ui/Direction.jsx'
import { UtcTime } from '../ui/UtcTime.jsx'
import { SignalStatusBadge } from './SignalStatus.jsx'

/** @import { ReactNode } from 'react' */
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

/**
 * @param {{ title: string, sentences: string[], Icon: import('lucide-react').LucideIcon, colour: string }} props
 */
function Sentences({ title, sentences, Icon, colour }) {
  if (sentences.length === 0) return null
  return (
    <section>
      <h3 className="mb-2 font-semibold">{title}</h3>
      <ul className="flex flex-col gap-1.5">
        {sentences.map((sentence) => (
          <li key={sentence} className="flex gap-2">
            <Icon aria-hidden="true" className={`mt-0.5 size-4 shrink-0 ${colour}`} />
            {sentence}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** @param {{ signal: Signal }} props */
function Levels({ signal }) {
  return (
    <dl className="figures grid grid-cols-3 gap-px overflow-hidden rounded-lg border border-line bg-line">
      <Level name="Entry">{formatPrice(signal.entryPrice)}</Level>
      <Level name="Stop">{formatPrice(signal.stopLoss)}</Level>
      <Level name="Target">{formatPrice(signal.takeProfit)}</Level>
    </dl>
  )
}

/** @param {{ name: string, children: ReactNode }} props */
function Level({ name, children }) {
  return (
    <div className="bg-raised px-3 py-2">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
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
