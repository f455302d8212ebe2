import { X } from 'lucide-react'
import { useEffect, useId, useRef } from 'react'

import { Button } from './Button.jsx'

/** @import { ReactNode } from 'react' */

/**
 * Details beside the page: a sheet on a phone. The browser keeps the focus inside and closes it on Escape.
 * A dialog opened from inside closes by itself: React lets its close reach this one, which is not meant.
 * @param {{ title: string, onClose: () => void, children: ReactNode }} props
 */
export function Drawer({ title, onClose, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const headingId = useId()

  useEffect(() => {
    dialog.current?.showModal()
  }, [])

  return (
    <dialog
      ref={dialog}
      aria-labelledby={headingId}
      onClose={(event) => event.target === event.currentTarget && onClose()}
      className="fixed inset-y-0 right-0 left-auto m-0 h-dvh max-h-none w-full max-w-md overflow-y-auto border-l border-line bg-surface text-ink shadow-2xl backdrop:bg-black/60"
    >
      <header className="sticky top-0 flex items-center justify-between gap-3 border-b border-line bg-surface px-4 py-3">
        <h2 id={headingId} className="text-base font-semibold">
          {title}
        </h2>
        <Button look="quiet" onClick={() => dialog.current?.close()} aria-label="Close details">
          <X aria-hidden="true" className="size-4" />
        </Button>
      </header>
      {children}
    </dialog>
  )
}
