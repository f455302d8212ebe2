import { useId, useState } from 'react'

import { HoldButton } from '../ui/HoldButton.jsx'

/** @import { FormEvent } from 'react' */
/** @import { StopAction } from './stopActions.js' */

const WORD = 'STOP'

/**
 * A deliberate yes: the word typed, or the button held.
 * @param {{ action: StopAction, onConfirm: () => void }} props
 */
export function StopConfirmation({ action, onConfirm }) {
  const id = useId()
  const [text, setText] = useState('')
  const typed = text.trim().toUpperCase() === WORD

  /** @param {FormEvent} event */
  function submit(event) {
    event.preventDefault()
    if (typed) onConfirm()
  }

  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <span className="flex min-w-0 flex-1 basis-36 flex-col gap-1">
        <label htmlFor={id} className="text-xs text-muted">
          Type {WORD}, or hold the button
        </label>
        <input
          id={id}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="min-h-9 w-full rounded-md border border-field bg-page px-2 pointer-coarse:min-h-11"
        />
      </span>
      <HoldButton ready={typed} onDone={onConfirm}>
        <action.Icon aria-hidden="true" className="size-4" />
        {action.name}
      </HoldButton>
    </form>
  )
}
