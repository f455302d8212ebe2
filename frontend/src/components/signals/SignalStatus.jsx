import { Ban, CircleCheck, Hourglass, Undo2 } from 'lucide-react'

import { Badge } from '../ui/Badge.jsx'

/** @import { SignalStatus } from '../../api/types' */

const STATUSES = /** @type {const} */ ({
  armed: { word: 'Armed', tone: 'accent', Icon: Hourglass },
  filled: { word: 'Filled', tone: 'up', Icon: CircleCheck },
  refused: { word: 'Refused', tone: 'warn', Icon: Ban },
  cancelled: { word: 'Cancelled', tone: 'neutral', Icon: Undo2 },
})

/** @param {{ status: SignalStatus }} props */
export function SignalStatusBadge({ status }) {
  const { word, tone, Icon } = STATUSES[status]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden="true" className="size-3" />
      {word}
    </Badge>
  )
}
