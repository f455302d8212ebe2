/** @import { ReactNode } from 'react' */

/**
 * Named figures in boxes, three a line.
 * @param {{ label: string, children: ReactNode }} props
 */
export function Facts({ label, children }) {
  return (
    <dl aria-label={label} className="figures grid grid-cols-3 gap-px overflow-hidden rounded-lg border border-line bg-line">
      {children}
    </dl>
  )
}

/** @param {{ name: string, children: ReactNode }} props */
export function Fact({ name, children }) {
  return (
    <div className="min-w-0 bg-raised px-3 py-2">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  )
}
