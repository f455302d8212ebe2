import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

// Waiting ends when the condition holds; a busy machine may need long to load a lazy part.
configure({ asyncUtilTimeout: 15_000 })

/* What jsdom lacks of the browser, as little as the components need. */

document.documentElement.lang = 'en'

const BOX = { x: 0, y: 0, width: 800, height: 320, top: 0, right: 800, bottom: 320, left: 0 }
Element.prototype.getBoundingClientRect = () => ({ ...BOX, toJSON: () => BOX })

class NeverResizing {
  observe() {}
  unobserve() {}
  disconnect() {}
}

window.ResizeObserver = NeverResizing
window.matchMedia = (query) =>
  /** @type {MediaQueryList} */ (
    /** @type {unknown} */ ({ matches: true, media: query, addEventListener() {}, removeEventListener() {} })
  )

HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true
}
HTMLDialogElement.prototype.close = function close() {
  this.open = false
  this.dispatchEvent(new Event('close'))
}

afterEach(() => {
  cleanup()
  window.sessionStorage.clear()
})
