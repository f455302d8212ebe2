import { ArrowLeftRight } from 'lucide-react'

/** @import { Notice } from '../../contexts/liveStore.js' */

const EDGES = { up: 'border-l-up', down: 'border-l-down', neutral: 'border-l-accent' }

/**
 * Fills as they happen, announced politely.
 * @param {{ notices: Notice[] }} props
 */
export function FillNotices({ notices }) {
  return (
    <div
      role="log"
      aria-label="Fills"
      className="pointer-events-none fixed right-4 bottom-4 z-40 flex max-w-[calc(100vw-2rem)] flex-col items-end gap-2"
    >
      {notices.map(({ id, text, tone }) => (
        <p
          key={id}
          className={`figures flex items-center gap-2 rounded-md border border-l-4 border-line bg-raised px-4 py-2.5 text-sm font-medium shadow-lg ${EDGES[tone]}`}
        >
          <ArrowLeftRight aria-hidden="true" className="size-4 text-muted" />
          {text}
        </p>
      ))}
    </div>
  )
}
