import { CircleAlert, RotateCw } from 'lucide-react'

import { errorReference, errorSentence } from '../../api/errors.js'
import { Button } from './Button.jsx'

/** @import { ReactNode } from 'react' */

/**
 * Why there is nothing here, and what to expect.
 * @param {{ title: string, children?: ReactNode, className?: string }} props
 */
export function EmptyNotice({ title, children, className = '' }) {
  return (
    <div className={`flex flex-col items-center justify-center gap-1 px-6 py-8 text-center ${className}`}>
      <p className="font-medium text-ink">{title}</p>
      {children && <p className="max-w-prose text-muted">{children}</p>}
    </div>
  )
}

/**
 * What failed, how to name it, and a way to try again. With `kept`, the last good data stays below.
 * @param {{ what: string, error: unknown, onRetry: () => void, kept?: boolean }} props
 */
export function ErrorNotice({ what, error, onRetry, kept = false }) {
  const reference = errorReference(error)
  return (
    <div className={`flex flex-wrap items-center gap-x-3 gap-y-2 px-4 text-sm ${kept ? 'border-b border-line py-2' : 'py-8'}`}>
      <CircleAlert aria-hidden="true" className="size-4 shrink-0 text-danger" />
      <p className="min-w-0 flex-1 basis-56">
        <span className="font-medium">{what} could not be loaded.</span> {errorSentence(error)}{' '}
        {kept && 'Showing the last data that arrived. '}
        {reference && <code className="text-xs text-muted">{reference}</code>}
      </p>
      <Button onClick={onRetry}>
        <RotateCw aria-hidden="true" className="size-3.5" />
        Retry
      </Button>
    </div>
  )
}
