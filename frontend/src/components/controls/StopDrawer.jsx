import { useState } from 'react'

import { Button } from '../ui/Button.jsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.jsx'
import { Drawer } from '../ui/Drawer.jsx'
import { Guards } from './Guards.jsx'
import { stopActions } from './stopActions.js'

/** @import { CommandWish, GuardReading, Trade } from '../../api/types' */
/** @import { StopAction } from './stopActions.js' */

/**
 * @param {object} props
 * @param {{ paused: boolean, killed: boolean, trades: Trade[], openPnL: number | null | undefined }} props.standing
 * @param {GuardReading[]} props.guards
 * @param {(wish: CommandWish) => Promise<string>} props.onCommand
 * @param {() => void} props.onClose
 */
export function StopDrawer({ standing, guards, onCommand, onClose }) {
  const [asked, setAsked] = useState(/** @type {StopAction | null} */ (null))
  return (
    <Drawer title="Stop trading" onClose={onClose}>
      <div className="flex flex-col gap-5 p-4 text-sm whitespace-normal">
        <ul className="flex flex-col gap-4">
          {stopActions(standing).map((action) => (
            <li key={action.name} className="flex flex-col items-start gap-2 border-b border-line pb-4">
              <p className="text-muted">{action.meaning}</p>
              <Button onClick={() => setAsked(action)} className={action.danger ? 'border-danger! text-danger!' : ''}>
                {action.name}
              </Button>
            </li>
          ))}
        </ul>
        <Guards guards={guards} />
      </div>
      {asked && (
        <ConfirmDialog
          title={`${asked.name}?`}
          action={asked.name}
          danger={asked.danger}
          onConfirm={() => onCommand(asked.wish)}
          onClose={() => setAsked(null)}
        >
          <p>{asked.meaning}</p>
        </ConfirmDialog>
      )}
    </Drawer>
  )
}
