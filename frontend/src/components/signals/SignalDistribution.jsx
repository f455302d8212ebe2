import { formatCount } from '../../format/numbers.js'
import { killZoneWords, spellOut } from '../../format/words.js'
import { SetupGroups } from './SetupGroups.jsx'

/** @import { SignalSummary } from '../../api/types' */

/** @typedef {{ name: string, count: number, colour: string }} Part */

/** @param {{ summary: SignalSummary }} props */
export function SignalDistribution({ summary }) {
  const { buy, sell, outcomes, byStatus, models, killZones } = summary
  return (
    <div className="flex flex-col gap-5 p-4">
      <Proportions
        title="Buy and sell"
        parts={[
          { name: 'Buy', count: buy, colour: 'bg-up' },
          { name: 'Sell', count: sell, colour: 'bg-down' },
        ]}
      />
      <Proportions
        title="Won and lost"
        parts={[
          { name: 'Won', count: outcomes.win, colour: 'bg-up' },
          { name: 'Lost', count: outcomes.loss, colour: 'bg-down' },
        ]}
      />
      <Proportions
        title="Status"
        parts={[
          { name: 'Filled', count: byStatus.filled, colour: 'bg-series-1' },
          { name: 'Armed', count: byStatus.armed, colour: 'bg-series-2' },
          { name: 'Cancelled', count: byStatus.cancelled, colour: 'bg-faint' },
          { name: 'Refused', count: byStatus.refused, colour: 'bg-warn' },
        ]}
      />
      <SetupGroups title="Kill zone" groups={killZones} words={(name) => killZoneWords(name) ?? 'Between them'} />
      <SetupGroups title="Model" groups={models} words={(name) => spellOut(name ?? '')} />
    </div>
  )
}

/**
 * Counts as a bar cut to scale, with the counts themselves as text.
 * @param {{ title: string, parts: Part[] }} props
 */
function Proportions({ title, parts }) {
  const shown = parts.filter(({ count }) => count > 0)
  return (
    <div role="group" aria-label={title}>
      <h3 className="mb-1.5 text-xs font-medium text-muted">{title}</h3>
      <div aria-hidden="true" className="mb-1.5 flex h-2.5 forced-color-adjust-none gap-0.5 overflow-hidden rounded-sm bg-raised">
        {shown.map(({ name, count, colour }) => (
          <div key={name} className={colour} style={{ flexGrow: count }} />
        ))}
      </div>
      <dl className="figures flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
        {parts.map(({ name, count, colour }) => (
          <div key={name} className="flex items-center gap-1.5">
            <span aria-hidden="true" className={`size-2 rounded-xs forced-color-adjust-none ${colour}`} />
            <dt className="text-muted">{name}</dt>
            <dd className="font-medium">{formatCount(count)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
