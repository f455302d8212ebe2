import { OctagonX } from 'lucide-react'
import { useCallback, useState } from 'react'

import { errorSentence } from '../api/errors.js'
import { followCommand } from '../api/followCommand.js'
import { StopDrawer } from '../components/controls/StopDrawer.jsx'
import { useAuth } from '../contexts/AuthContext.jsx'
import { useLive } from '../contexts/LiveContext.jsx'
import { useActiveTrades, useExposure, useMonitor } from '../hooks/useDashboardData.js'

/** @import { Follow } from '../components/controls/StopDialog.jsx' */

/** The way to stop, in the status line of every page. */
export function StopControl() {
  const [open, setOpen] = useState(false)
  const causes = useMonitor()?.pauseCauses ?? []
  const standing = { paused: causes.includes('person'), killed: causes.includes('kill switch') }
  const word = standing.killed ? 'Killed' : standing.paused ? 'Paused' : 'Stop'
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
      {open && <OpenedDrawer standing={standing} onClose={() => setOpen(false)} />}
    </>
  )
}

/** @param {{ standing: { paused: boolean, killed: boolean }, onClose: () => void }} props */
function OpenedDrawer({ standing, onClose }) {
  const { api } = useAuth()
  const connected = useLive('connection')?.status === 'connected'
  const openPnL = useLive('account')?.openPnL
  const guards = useMonitor()?.guards ?? []
  const trades = useActiveTrades().data?.trades ?? []
  const { data: exposure, error } = useExposure()
  const follow = useCallback(/** @type {Follow} */ ((wish, options) => followCommand(api, wish, options)), [api])
  return (
    <StopDrawer
      standing={standing}
      stake={{ exposure, trades, openPnL: connected ? openPnL : null, trouble: error && errorSentence(error) }}
      connected={connected}
      guards={guards}
      follow={follow}
      onClose={onClose}
    />
  )
}
