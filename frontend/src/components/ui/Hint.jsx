import { Info } from 'lucide-react'
import { Tooltip } from 'radix-ui'

/**
 * A definition on hover, focus or tap.
 * @param {{ about: string, text: string }} props
 */
export function Hint({ about, text }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        aria-label={`What is ${about}?`}
        className="inline-grid size-6 shrink-0 place-items-center rounded text-faint hover:text-ink"
      >
        <Info aria-hidden="true" className="size-3.5" />
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          sideOffset={4}
          collisionPadding={12}
          className="z-50 max-w-64 rounded-md border border-field bg-raised px-3 py-2 text-xs text-ink shadow-lg"
        >
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
