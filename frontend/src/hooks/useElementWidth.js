import { useEffect, useRef, useState } from 'react'

const FIRST_GUESS = 800

/** A ref for an element and its width in CSS pixels, followed as it changes. */
export function useElementWidth() {
  const element = useRef(/** @type {HTMLDivElement | null} */ (null))
  const [width, setWidth] = useState(FIRST_GUESS)
  useEffect(() => {
    if (!element.current) return undefined
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(entry?.contentRect.width ?? 0, 1)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return { element, width }
}
