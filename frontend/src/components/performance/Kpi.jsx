import { Hint } from '../ui/Hint.jsx'

/** @import { ReactNode } from 'react' */

/**
 * One figure with its definition. `<data>` carries the exact value for machines.
 * @param {object} props
 * @param {string} props.label
 * @param {string} props.definition
 * @param {number | null | undefined} props.value
 * @param {ReactNode} props.children the value as text
 * @param {ReactNode} [props.detail]
 * @param {boolean} [props.large]
 * @param {boolean} [props.lastKnown] true when the figure no longer moves with the market
 */
export function Kpi({ label, definition, value, children, detail, large = false, lastKnown = false }) {
  return (
    <div role="group" aria-label={label} className={`min-w-0 bg-surface px-3 py-2.5 lg:px-4 ${large ? 'first:max-[30rem]:col-span-2' : ''} ${lastKnown ? 'last-known' : ''}`}>
      <div className="text-xs text-muted">
        <Hint term={label} definition={definition} />
      </div>
      <data value={value ?? ''} className={`figures block text-base font-semibold tracking-tight ${large ? 'sm:text-2xl' : 'sm:text-xl sm:leading-8'}`}>
        {children}
      </data>
      <div className="figures min-h-4 text-2xs text-muted sm:text-xs">
        {lastKnown ? <span className="text-warn">last known</span> : detail}
      </div>
    </div>
  )
}
