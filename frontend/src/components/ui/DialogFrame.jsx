import { useEffect, useId, useRef } from 'react'
import { createPortal } from 'react-dom'

/** @import { ReactNode } from 'react' */

/**
 * A question before something happens. The focus begins on the way out; the browser keeps it inside and closes on Escape.
 * @param {object} props
 * @param {string} props.title
 * @param {string} props.leave the word on the button that closes it
 * @param {() => void} props.onClose
 * @param {ReactNode} props.children
 * @param {ReactNode} [props.action] the button that does it
 */
export function DialogFrame({ title, leave, onClose, children, action }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const wayOut = useRef(/** @type {HTMLButtonElement | null} */ (null))
  const headingId = useId()

  useEffect(() => {
    dialog.current?.showModal()
    wayOut.current?.focus()
  }, [])

  // In the body, so that it takes no look from what it was opened in: figures that are grey, for one.
  return createPortal(
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
        {children}
        <div className="flex flex-wrap justify-end gap-2">
          <button
            ref={wayOut}
            type="button"
            onClick={() => dialog.current?.close()}
            className="min-h-9 rounded-md border border-line bg-raised px-4 text-sm hover:border-field pointer-coarse:min-h-11"
          >
            {leave}
          </button>
          {action}
        </div>
      </div>
    </dialog>,
    document.body,
  )
}
