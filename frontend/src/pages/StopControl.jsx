import { OctagonX } from 'lucide-react'
import { useState } from 'react'

import { StopDrawer } from '../components/controls/StopDrawer.jsx'
import { useLive } from '../contexts/LiveContext.jsx'
import { useActiveTrades, useMonitor } from '../hooks/useDashboardData.js'
import { useCommand } from '../hooks/useCommand.js'

/** The way to stop, in the status line of every page. */
export function StopControl() {
  const [open, setOpen] = useState(false)
  const monitor = useMonitor()
  const command = useCommand()
  const openPnL = useLive('account')?.openPnL
  const trades = useActiveTrades().data?.trades ?? []
  const causes = monitor?.pauseCauses ?? []
  const killed = causes.includes('kill switch')
  const paused = causes.includes('person')
  const word = killed ? 'Killed' : paused ? 'Paused' : 'Stop'
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label={word === 'Stop' ? 'Stop trading' : `${word}: stop or resume trading`}
        onClick={() => setOpen(true)}
        className={`inline-flex min-h-6 items-center gap-1 rounded-md border px-2 font-semibold pointer-coarse:min-h-11 ${word === 'Stop' ? 'border-line text-ink hover:border-danger' : 'border-danger text-danger'}`}
      >
        <OctagonX aria-hidden="true" className="size-3.5 text-danger" />
        {word}
      </button>
      {open && (
        <StopDrawer
          standing={{ paused, killed, trades, openPnL }}
          guards={monitor?.guards ?? []}
          onCommand={command}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}
