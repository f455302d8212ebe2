import { useState } from 'react'

import { Button } from './Button.jsx'
import { DialogFrame } from './DialogFrame.jsx'

/** @import { ReactNode } from 'react' */

/**
 * Says what will happen, then does it, then says what happened.
 * @param {object} props
 * @param {string} props.title
 * @param {string} props.action the word on the button that does it
 * @param {boolean} [props.danger]
 * @param {string} [props.waiting] what to say meanwhile
 * @param {() => Promise<string>} props.onConfirm the sentence on what became of it
 * @param {() => void} props.onClose
 * @param {ReactNode} props.children what will happen
 */
export function ConfirmDialog({ title, action, danger = false, waiting = 'Asked. Waiting for the engine…', onConfirm, onClose, children }) {
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState(/** @type {string | null} */ (null))

  async function confirm() {
    setBusy(true)
    setOutcome(await onConfirm())
    setBusy(false)
  }

  return (
    <DialogFrame
      title={title}
      leave={outcome === null ? 'Cancel' : 'Close'}
      onClose={onClose}
      action={
        outcome === null && (
          <Button onClick={() => void confirm()} disabled={busy} look={danger ? 'danger' : 'primary'} className="px-4">
            {action}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-2 text-sm text-muted">{children}</div>
      <p role="status" className="min-h-5 text-sm font-medium">
        {busy ? waiting : outcome}
      </p>
    </DialogFrame>
  )
}
