import { formatCount } from '../../../format/numbers.js'
import { Kpi } from '../../performance/Kpi.jsx'
import { Hint } from '../../ui/Hint.jsx'
import { SignedNumber } from '../../ui/SignedNumber.jsx'
import { figureWords, HEADLINES, SIGNED } from './figureWords.js'

/** @import { Figure } from '../../../api/backtestTypes' */

/**
 * Six figures large, the others below, each with what it rests on.
 * @param {{ figures: Record<string, Figure> }} props
 */
export function Figures({ figures }) {
  const headlines = HEADLINES.flatMap((name) => (figures[name] ? [{ name, figure: figures[name] }] : []))
  const others = Object.entries(figures).filter(([name]) => !HEADLINES.includes(name))
  return (
    <>
      <div className="grid grid-cols-2 gap-px bg-line sm:grid-cols-3 xl:grid-cols-6">
        {headlines.map(({ name, figure }) => {
          const { label, definition, format } = figureWords(name)
          return (
            <Kpi key={name} label={label} definition={definition} value={figure.value} detail={`n = ${formatCount(figure.n)}`}>
              {SIGNED.has(name) ? <SignedNumber value={figure.value} format={format} /> : format(figure.value)}
            </Kpi>
          )
        })}
      </div>
      <dl className="figures grid grid-cols-1 gap-x-8 border-t border-line px-4 py-2 text-[0.8125rem] sm:grid-cols-2 xl:grid-cols-4">
        {others.map(([name, { value, n }]) => {
          const { label, definition, format } = figureWords(name)
          return (
            <div key={name} className="flex items-baseline gap-2 border-b border-line py-1">
              <dt className="text-muted">
                <Hint term={label} definition={definition} />
              </dt>
              <dd className="ml-auto font-medium">{format(value)}</dd>
              <dd className="min-w-16 text-right text-2xs text-faint">n = {formatCount(n)}</dd>
            </div>
          )
        })}
      </dl>
    </>
  )
}
