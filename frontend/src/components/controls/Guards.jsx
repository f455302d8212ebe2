import { MINUS } from '../../format/numbers.js'
import { spellOut } from '../../format/words.js'

/** @import { GuardReading } from '../../api/types' */

const GUARD_WORDS = new Map([
  ['daily_loss', 'Loss today'],
  ['weekly_loss', 'Loss this week'],
  ['losing_streak', 'Losses in a row'],
])

/** @param {string} name */
export const guardWords = (name) => GUARD_WORDS.get(name) ?? spellOut(name)

/** How much of each limit is used; nothing while all are switched off. @param {{ guards: GuardReading[] }} props */
export function Guards({ guards }) {
  if (guards.length === 0) return null
  return (
    <section aria-label="Guards" className="flex flex-col gap-2">
      <h3 className="font-semibold">Guards that stop entries by themselves</h3>
      <dl className="figures flex flex-col gap-1.5">
        {guards.map((guard) => (
          <Guard key={guard.name} guard={guard} />
        ))}
      </dl>
    </section>
  )
}

/** @param {{ guard: GuardReading }} props */
function Guard({ guard: { name, used, limit, sentence } }) {
  const share = Math.min(1, Math.max(0, used / limit))
  return (
    <div className="flex flex-wrap justify-between gap-x-4">
      <dt className="text-muted">{guardWords(name)}</dt>
      <dd>{name === 'losing_streak' ? `${used} of ${limit}` : `${used.toFixed(2).replace('-', MINUS)} of ${limit} R`}</dd>
      <dd aria-hidden="true" className="h-1 w-full forced-color-adjust-none overflow-hidden rounded-xs bg-raised">
        <div className={`h-full ${share < 1 ? 'bg-muted' : 'bg-warn'}`} style={{ width: `${share * 100}%` }} />
      </dd>
      {sentence && <dd className="w-full text-warn">{sentence}</dd>}
    </div>
  )
}
