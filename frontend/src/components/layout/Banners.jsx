import { FlaskConical, Unplug } from 'lucide-react'

import { useNow } from '../../hooks/useNow.js'
import { formatAge } from '../../format/times.js'
import { Button } from '../ui/Button.jsx'

/** @import { ConnectionState } from '../../api/liveConnection.js' */

export function SimulatedBanner() {
  return (
    <p className="simulated-stripes flex items-center justify-center gap-2 bg-banner px-4 py-1.5 text-center text-xs font-bold text-on-banner sm:text-sm">
      <FlaskConical aria-hidden="true" className="size-4 shrink-0" />
      SIMULATED MARKET — prices are generated, not real
    </p>
  )
}

/**
 * Says that figures on screen no longer move, and what happens next. The live region stays in the
 * page, so that losing and regaining the connection are both announced.
 * @param {{ connection: ConnectionState | undefined, wasLost: boolean, silent: boolean, onConnectNow: () => void }} props `silent`: the server answers nothing at all
 */
export function ConnectionBanner({ connection, wasLost, silent, onConnectNow }) {
  const lost = wasLost && connection?.status !== 'connected'
  return (
    <div className={lost ? 'flex flex-wrap items-center justify-center gap-x-4 gap-y-2 bg-danger-fill px-4 py-2 text-white' : ''}>
      {lost && <Unplug aria-hidden="true" className="hidden size-4 shrink-0 sm:block" />}
      <p role="status" aria-label="Connection" className={lost ? 'text-sm font-medium' : 'sr-only'}>
        {lost && !silent && 'Disconnected: the figures below are the last known. Your bot keeps trading on the server.'}
        {lost && silent && 'The server does not answer: the figures below are the last known, and whether it trades cannot be seen from here.'}
        {!lost && wasLost && 'Connected again.'}
      </p>
      {lost && (
        <>
          <NextAttempt at={connection?.nextAttemptAt ?? null} />
          <Button onClick={onConnectNow} className="border-white! bg-transparent! text-white!">
            Try now
          </Button>
        </>
      )}
    </div>
  )
}

/** @param {{ at: number | null }} props */
function NextAttempt({ at }) {
  const now = useNow()
  return <span className="figures text-sm">{at === null ? 'Connecting…' : `Trying again in ${formatAge(Math.max(0, at - now))}`}</span>
}
