import { useId } from 'react'

/** @import { ReactNode } from 'react' */

/**
 * A titled region of the page.
 * @param {{ title: string, note?: ReactNode, actions?: ReactNode, id?: string, className?: string, children: ReactNode }} props
 */
export function Panel({ title, note, actions, id, className = '', children }) {
  const headingId = useId()
  return (
    <section id={id} aria-labelledby={headingId} className={`min-w-0 rounded-xl border border-line bg-surface ${className}`}>
      <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2">
        <h2 id={headingId} className="text-sm font-semibold text-ink">
          {title}
        </h2>
        {note && <div className="text-xs text-muted">{note}</div>}
        {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </section>
  )
}
