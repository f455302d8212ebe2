import { useEffect, useRef, useState } from 'react'

import { NOT_YET_HEARD } from '../../api/followCommand.js'
import { Button } from '../ui/Button.jsx'
import { DialogFrame } from '../ui/DialogFrame.jsx'
import { CommandProgress } from './CommandProgress.jsx'
import { StakeFacts } from './StakeFacts.jsx'
import { StopConfirmation } from './StopConfirmation.jsx'

/** @import { Followed } from '../../api/followCommand.js' */
/** @import { CommandWish } from '../../api/types' */
/** @import { StopAction } from './stopActions.js' */
/** @import { Stake } from './StakeFacts.jsx' */

/**
 * Asks, and tells what becomes of it until it has ended or nobody wants to know any more.
 * @typedef {(wish: CommandWish, options: { tell: (followed: Followed) => void, signal: AbortSignal }) => Promise<void>} Follow
 */

/**
 * One way to stop: what it means and touches, a deliberate yes, then every order until the exchange has confirmed it.
 * @param {{ action: StopAction, stake: Stake, follow: Follow, onClose: () => void }} props
 */
export function StopDialog({ action, stake, follow, onClose }) {
  const { followed, ask } = useFollowed(action, follow)
  const ended = followed !== null && (followed.refused || (followed.command?.outcome ?? null) !== null)
  const plain = followed === null && !action.danger
  return (
    <DialogFrame
      title={followed === null ? `${action.name}?` : action.name}
      leave={followed === null ? 'Cancel' : 'Close'}
      onClose={onClose}
      action={
        plain && (
          <Button look="primary" onClick={ask} className="px-4">
            <action.Icon aria-hidden="true" className="size-4" />
            {action.name}
          </Button>
        )
      }
    >
      {followed === null ? (
        <>
          <p className="text-sm text-muted">{action.meaning}</p>
          {action.danger && <StakeFacts stake={stake} />}
          {action.danger && <StopConfirmation action={action} onConfirm={ask} />}
        </>
      ) : (
        <CommandProgress followed={followed} ended={ended} />
      )}
    </DialogFrame>
  )
}

/**
 * What became of it so far, null before it was asked for. Leaving the dialog ends the looking, not the command.
 * @param {StopAction} action
 * @param {Follow} follow
 */
function useFollowed(action, follow) {
  const [followed, setFollowed] = useState(/** @type {Followed | null} */ (null))
  const looking = useRef(/** @type {AbortController | null} */ (null))
  useEffect(() => () => looking.current?.abort(), [])

  function ask() {
    if (looking.current !== null) return
    looking.current = new AbortController()
    setFollowed(NOT_YET_HEARD)
    void follow(action.wish, { tell: setFollowed, signal: looking.current.signal })
  }

  return { followed, ask }
}
