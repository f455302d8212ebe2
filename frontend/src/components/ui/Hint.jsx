import { Tooltip } from 'radix-ui'
import { useState } from 'react'

/**
 * A term that explains itself on hover, focus or tap; Escape takes the explanation away.
 * @param {{ term: string, definition: string }} props
 */
export function Hint({ term, definition }) {
  const [open, setOpen] = useState(false)
  return (
    <Tooltip.Root open={open} onOpenChange={setOpen}>
      <Tooltip.Trigger
        onClick={(event) => {
          // A tap has no hover: by default the click would close what it should open.
          event.preventDefault()
          setOpen(true)
        }}
        className="min-h-6 cursor-help text-left underline decoration-field decoration-dotted underline-offset-4"
      >
        {term}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={12}
          className="z-50 max-w-72 rounded-md border border-field bg-raised px-3 py-2 text-xs text-ink shadow-lg"
        >
          {definition}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
