import { formatMoney, formatRatio } from '../../format/numbers.js'
import { Hint } from '../ui/Hint.jsx'
import { guardWords } from './Guards.jsx'

/** @import { ReactNode } from 'react' */
/** @import { GuardReading, Monitor } from '../../api/types' */

const DEFINITIONS = new Map([
  ['daily_loss', 'What the trades closed today lost, in R. At the limit no entry is made until 00:00 UTC.'],
  ['weekly_loss', 'What the trades closed this week lost, in R. At the limit no entry is made until Monday, 00:00 UTC.'],
  ['losing_streak', 'Trades lost one after another. At the limit no entry is made for a while.'],
])

/**
 * How much of each limit is used, and how far it is to the stop of entries; nothing before the monitor has told.
 * @param {{ openRisk: Monitor['openRisk'], guards: GuardReading[] }} props
 */
export function RiskLimits({ openRisk, guards }) {
  if (!openRisk && guards.length === 0) return null
  return (
    <dl aria-label="Limits" className="figures grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-x-5 gap-y-2 border-b border-line px-4 py-2 text-xs">
      {openRisk && (
        <Limit
          name="Risk taken"
          definition="What all stops together would cost as the entries were made, fees and slippage included, and resting entries too; and the most that may be taken at once."
          used={openRisk.used}
          limit={openRisk.limit}
        >
          {formatMoney(openRisk.used)} of {formatMoney(openRisk.limit)} USDT
        </Limit>
      )}
      {guards.map(({ name, used, limit, left }) => (
        <Limit key={name} name={guardWords(name)} definition={DEFINITIONS.get(name)} used={used} limit={limit}>
          {name === 'losing_streak' ? `${used} of ${limit}` : `${formatRatio(used)} of ${formatRatio(limit)} R, ${formatRatio(left)} left`}
        </Limit>
      ))}
    </dl>
  )
}

/** @param {{ name: string, definition: string | undefined, used: number, limit: number, children: ReactNode }} props */
function Limit({ name, definition, used, limit, children }) {
  const share = limit > 0 ? Math.min(1, Math.max(0, used / limit)) : 1
  const colour = share >= 1 ? 'bg-danger' : share >= 0.75 ? 'bg-warn' : 'bg-muted'
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <dt className="text-muted">{definition ? <Hint term={name} definition={definition} /> : name}</dt>
      <dd className={share >= 1 ? 'font-medium text-danger' : 'font-medium'}>{children}</dd>
      <dd aria-hidden="true" className="mt-auto h-1 forced-color-adjust-none overflow-hidden rounded-xs bg-raised">
        <div className={`h-full ${colour}`} style={{ width: `${share * 100}%` }} />
      </dd>
    </div>
  )
}
