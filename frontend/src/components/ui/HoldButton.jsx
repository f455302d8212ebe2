import { useEffect, useRef, useState } from 'react'

import { Button } from './Button.jsx'

/** @import { KeyboardEvent, ReactNode } from 'react' */

const HOLD_MS = 1_500

/**
 * Does what cannot be undone: at once when `ready`, else only after it was held, by pointer or by key.
 * @param {{ ready: boolean, onDone: () => void, children: ReactNode }} props
 */
export function HoldButton({ ready, onDone, children }) {
  const [held, setHeld] = useState(/** @type {'not yet' | 'now' | 'too short'} */ ('not yet'))
  const timer = useRef(/** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined))
  useEffect(() => () => clearTimeout(timer.current), [])

  function begin() {
    if (ready) return
    clearTimeout(timer.current)
    timer.current = setTimeout(onDone, HOLD_MS)
    setHeld('now')
  }

  function end() {
    clearTimeout(timer.current)
    setHeld((before) => (before === 'now' ? 'too short' : before))
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (ready || (event.key !== ' ' && event.key !== 'Enter')) return
    event.preventDefault()
    if (!event.repeat) begin()
  }

  return (
    <>
      <Button
        look="danger"
        onPointerDown={begin}
        onPointerUp={end}
        onPointerLeave={end}
        onPointerCancel={end}
        onKeyDown={pressed}
        onKeyUp={end}
        onBlur={end}
        onContextMenu={(event) => event.preventDefault()}
        onClick={() => ready && onDone()}
        className="relative min-h-9 touch-none overflow-hidden px-4 select-none"
      >
        <span
          aria-hidden="true"
          className={`absolute inset-y-0 left-0 bg-black/35 ${held === 'now' ? 'w-full transition-[width] duration-[1.5s] ease-linear' : 'w-0'}`}
        />
        <span className="relative inline-flex items-center gap-1.5">{children}</span>
      </Button>
      <span role="status" className="min-h-4 w-full text-xs text-warn">
        {held === 'too short' && !ready && 'Hold it for 1.5 seconds, or type STOP.'}
        {held === 'now' && 'Keep holding…'}
      </span>
    </>
  )
}
