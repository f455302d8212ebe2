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
    <div role="group" aria-label={label} className={`min-w-0 bg-surface px-4 py-3 ${lastKnown ? 'last-known' : ''}`}>
      <div className="flex items-center gap-1 text-xs text-muted">
        {label}
        <Hint about={label} text={definition} />
      </div>
      <data value={value ?? ''} className={`figures block font-semibold tracking-tight ${large ? 'text-2xl' : 'text-xl'}`}>
        {children}
      </data>
      <div className="figures min-h-4 text-xs text-muted">
        {lastKnown && 'last known · '}
        {detail}
      </div>
    </div>
  )
}
