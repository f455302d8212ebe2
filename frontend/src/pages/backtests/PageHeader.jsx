import { Link } from 'react-router'

/** @import { ReactNode } from 'react' */

/**
 * What page this is and the way back from it.
 * @param {{ title: string, back: { to: string, text: string }, actions?: ReactNode, children?: ReactNode }} props
 */
export function PageHeader({ title, back, actions, children }) {
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <h1 className="min-w-0 text-lg font-semibold break-words">{title}</h1>
      <Link to={back.to} className="inline-flex min-h-8 items-center text-sm text-accent underline pointer-coarse:min-h-11">
        {back.text}
      </Link>
      {actions && <div className="flex flex-wrap items-center gap-2 sm:ml-auto">{actions}</div>}
      {children && <p className="w-full text-sm text-muted">{children}</p>}
    </header>
  )
}
