import { useState } from 'react'

import { Button } from '../ui/Button.jsx'
import { Drawer } from '../ui/Drawer.jsx'
import { Guards } from './Guards.jsx'
import { StopDialog } from './StopDialog.jsx'
import { stopActions } from './stopActions.js'

/** @import { GuardReading } from '../../api/types' */
/** @import { Follow } from './StopDialog.jsx' */
/** @import { StopAction } from './stopActions.js' */
/** @import { Stake } from './StakeFacts.jsx' */

/**
 * @param {object} props
 * @param {{ paused: boolean, killed: boolean }} props.standing
 * @param {Stake} props.stake
 * @param {boolean} props.connected whether figures on screen still move
 * @param {GuardReading[]} props.guards
 * @param {Follow} props.follow
 * @param {() => void} props.onClose
 */
export function StopDrawer({ standing, stake, connected, guards, follow, onClose }) {
  const [asked, setAsked] = useState(/** @type {StopAction | null} */ (null))
  return (
    <Drawer title="Stop trading" onClose={onClose}>
      <div className="flex flex-col gap-5 p-4 text-sm whitespace-normal">
        {!connected && <p className="text-warn">The live connection is down. What you ask for here goes to the server on its own way and is tried until it answers.</p>}
        <ul className="flex flex-col gap-4">
          {stopActions(standing).map((action) => (
            <li key={action.name} className="flex flex-col items-start gap-2 border-b border-line pb-4">
              <p className="text-muted">{action.meaning}</p>
              <Button aria-haspopup="dialog" onClick={() => setAsked(action)} className={action.danger ? 'border-danger! text-danger!' : ''}>
                <action.Icon aria-hidden="true" className="size-4" />
                {action.name}
              </Button>
            </li>
          ))}
        </ul>
        <Guards guards={guards} />
      </div>
      {asked && <StopDialog action={asked} stake={stake} follow={follow} onClose={() => setAsked(null)} />}
    </Drawer>
  )
}
