import { Component } from 'react'

import { Button } from './Button.jsx'

/** @import { ReactNode } from 'react' */

/**
 * Catches what a page could not be drawn from: a part of the program that did not arrive (after an
 * update of the server, or without a network) or a mistake in it. Reloading is the way out of both.
 * @extends {Component<{ children: ReactNode }, { error: unknown }>}
 */
export class ErrorBoundary extends Component {
  /** @type {{ error: unknown }} */
  state = { error: null }

  /** @param {unknown} error */
  static getDerivedStateFromError(error) {
    return { error }
  }

  render() {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <main className="grid min-h-dvh place-content-center justify-items-center gap-3 p-6 text-center">
        <h1 className="text-lg font-semibold">This page could not be shown</h1>
        <p className="max-w-prose text-muted">
          Your bot keeps trading on the server. {error instanceof Error && <code className="text-xs">{error.message}</code>}
        </p>
        <Button look="primary" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </main>
    )
  }
}
