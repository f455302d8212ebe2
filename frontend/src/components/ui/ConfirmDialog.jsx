import { useEffect, useId, useRef, useState } from 'react'

import { Button } from './Button.jsx'

/** @import { ReactNode } from 'react' */

/**
 * Says what will happen, then does it, then says what happened. The focus begins on Cancel; the
 * browser keeps it inside and closes on Escape.
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
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const cancel = useRef(/** @type {HTMLButtonElement | null} */ (null))
  const headingId = useId()
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState(/** @type {string | null} */ (null))

  useEffect(() => {
    dialog.current?.showModal()
    cancel.current?.focus()
  }, [])

  async function confirm() {
    setBusy(true)
    setOutcome(await onConfirm())
    setBusy(false)
  }

  return (
    <dialog
      ref={dialog}
      aria-labelledby={headingId}
      onClose={(event) => event.target === event.currentTarget && onClose()}
      className="m-auto w-full max-w-md rounded-xl border border-line bg-surface p-0 whitespace-normal text-ink shadow-2xl backdrop:bg-black/60 max-sm:max-w-[calc(100vw-2rem)]"
    >
      <div className="flex flex-col gap-3 p-4">
        <h2 id={headingId} className="text-base font-semibold">
          {title}
        </h2>
        <div className="flex flex-col gap-2 text-sm text-muted">{children}</div>
        <p role="status" className="min-h-5 text-sm font-medium">
          {busy ? waiting : outcome}
        </p>
        <div className="flex flex-wrap justify-end gap-2">
          <button
            ref={cancel}
            type="button"
            onClick={() => dialog.current?.close()}
            className="min-h-9 rounded-md border border-line bg-raised px-4 text-sm hover:border-field pointer-coarse:min-h-11"
          >
            {outcome === null ? 'Cancel' : 'Close'}
          </button>
          {outcome === null && (
            <Button
              onClick={() => void confirm()}
              disabled={busy}
              look={danger ? 'plain' : 'primary'}
              className={danger ? 'border-transparent! bg-danger-fill! px-4 font-semibold text-white!' : 'px-4'}
            >
              {action}
            </Button>
          )}
        </div>
      </div>
    </dialog>
  )
}
