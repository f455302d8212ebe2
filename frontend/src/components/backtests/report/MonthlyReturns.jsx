import { formatMonth } from '../../../format/days.js'
import { formatSignedPercent, isKnown } from '../../../format/numbers.js'

/** @import { BacktestReport } from '../../../api/backtestTypes' */

const PALEST_PERCENT = 8
const STRONGEST_PERCENT = 42

/**
 * The return of every month, tinted by its size beside the largest; sign and figure say the same.
 * @param {{ monthly: BacktestReport['monthly'] }} props
 */
export function MonthlyReturns({ monthly }) {
  const largest = Math.max(...monthly.map(({ returnPercent }) => Math.abs(returnPercent ?? 0)), Number.EPSILON)
  const years = [...new Set(monthly.map(({ month }) => month.slice(0, 4)))]
  return (
    <div className="flex flex-col gap-3 p-4">
      {years.map((year) => (
        <section key={year} aria-label={`Months of ${year}`}>
          <h3 className="mb-1 text-xs font-medium text-muted">{year}</h3>
          <ol className="figures grid grid-cols-3 gap-1 sm:grid-cols-6 xl:grid-cols-12">
            {monthly
              .filter(({ month }) => month.startsWith(year))
              .map(({ month, returnPercent }) => (
                <li key={month} className="rounded-sm bg-raised px-2 py-1.5 text-center xl:[grid-column-start:var(--month)]" style={monthStyle(month, tint(returnPercent, largest))}>
                  <span className="block text-2xs">{formatMonth(month)}</span>
                  <span className="block text-xs font-medium">{formatSignedPercent(returnPercent)}</span>
                </li>
              ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

/**
 * Where there is room for twelve months in a row, each stands in its own column.
 * @param {string} month
 * @param {string | undefined} background
 */
function monthStyle(month, background) {
  return /** @type {import('react').CSSProperties} */ ({ background, '--month': Number(month.slice(5)) })
}

/** @param {number | null} value @param {number} largest */
function tint(value, largest) {
  if (!isKnown(value) || value === 0) return undefined
  const strength = PALEST_PERCENT + (Math.abs(value) / largest) * (STRONGEST_PERCENT - PALEST_PERCENT)
  return `color-mix(in srgb, var(${value > 0 ? '--up' : '--down'}) ${strength.toFixed(0)}%, var(--raised))`
}
