import { formatCount } from '../../format/numbers.js'
import { killZoneWords, spellOut } from '../../format/words.js'

/** @import { SignalSummary } from '../../api/types' */

/** @typedef {{ name: string, count: number, colour: string }} Part */

/** For what is neither good nor bad; up and down keep their colours to themselves. */
const SERIES = [
  'bg-series-1',
  'bg-series-2',
  'bg-series-3',
  'bg-series-4',
  'bg-series-5',
  'bg-series-6',
  'bg-series-7',
  'bg-series-8',
]

/** @param {{ summary: SignalSummary }} props */
export function SignalDistribution({ summary }) {
  const { buy, sell, outcomes, byStatus, byModel, byKillZone } = summary
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
      <Proportions title="Model" parts={partsOf(byModel, spellOut)} />
      {byKillZone && <Proportions title="Kill zone" parts={partsOf(byKillZone, (name) => killZoneWords(name) ?? 'None')} />}
    </div>
  )
}

/**
 * @param {Record<string, number>} counts
 * @param {(name: string) => string} words
 * @returns {Part[]}
 */
function partsOf(counts, words) {
  return Object.entries(counts)
    .toSorted(([, left], [, right]) => right - left)
    .map(([name, count], index) => ({
      name: words(name),
      count,
      colour: SERIES[index % SERIES.length] ?? 'bg-faint',
    }))
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
      <div aria-hidden="true" className="mb-1.5 flex h-2.5 gap-0.5 overflow-hidden rounded-sm bg-raised">
        {shown.map(({ name, count, colour }) => (
          <div key={name} className={colour} style={{ flexGrow: count }} />
        ))}
      </div>
      <dl className="figures flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
        {parts.map(({ name, count, colour }) => (
          <div key={name} className="flex items-center gap-1.5">
            <span aria-hidden="true" className={`size-2 rounded-xs ${colour}`} />
            <dt className="text-muted">{name}</dt>
            <dd className="font-medium">{formatCount(count)}</dd>
          </div>
        ))}
        {parts.length === 0 && <div className="text-muted">none yet</div>}
      </dl>
    </div>
  )
}
