import { CircleAlert, CircleCheck, Hourglass } from 'lucide-react'

import { formatCount, formatQuantity } from '../../format/numbers.js'

/** @import { LucideIcon } from 'lucide-react' */
/** @import { Followed } from '../../api/followCommand.js' */
/** @import { Command, CommandStep } from '../../api/types' */

/** @type {Record<CommandStep['state'], { word: string, Icon: LucideIcon, colour: string }>} */
const STATES = {
  waiting: { word: 'waiting for the exchange', Icon: Hourglass, colour: 'text-warn' },
  done: { word: 'confirmed', Icon: CircleCheck, colour: 'text-up' },
  refused: { word: 'refused', Icon: CircleAlert, colour: 'text-danger' },
}

/**
 * Every order and position a command touches, until the exchange has confirmed each; what failed stays.
 * @param {{ followed: Followed, ended: boolean }} props
 */
export function CommandProgress({ followed: { command, trouble, refused }, ended }) {
  const steps = command?.steps ?? []
  const failed = refused || command?.outcome === 'failed' || command?.outcome === 'refused'
  return (
    <>
      {steps.length > 0 && (
        <ul aria-label="Orders and positions" className="divide-y divide-line rounded-md border border-line text-sm">
          {steps.map((step) => (
            <Step key={`${step.kind} ${step.name}`} step={step} />
          ))}
        </ul>
      )}
      <p role="status" className={`min-h-5 text-sm font-medium ${failed ? 'text-danger' : ''}`}>
        {refused ? trouble : progressWords(command)}
      </p>
      {trouble && !refused && <p className="text-sm text-warn">{trouble} Trying again…</p>}
      {!ended && (trouble || command) && <p className="text-xs text-muted">{command ? 'Closing this window stops nothing: the engine goes on.' : 'It has not arrived yet: closing this window ends the trying.'}</p>}
    </>
  )
}

/** @param {{ step: CommandStep }} props */
function Step({ step: { kind, symbol, direction, quantity, state, note } }) {
  const { word, Icon, colour } = STATES[state]
  return (
    <li className="flex flex-wrap items-center gap-x-2 px-3 py-2">
      <Icon aria-hidden="true" className={`size-4 shrink-0 ${colour}`} />
      <span className="figures">
        {kind === 'entry' ? 'Withdraw' : 'Close'} {direction} {formatQuantity(quantity)} {symbol}
      </span>
      <span className={`ml-auto ${state === 'refused' ? 'text-danger' : 'text-muted'}`}>{word}</span>
      {note && <span className="w-full pl-6 text-xs text-muted">{note}</span>}
    </li>
  )
}

/** @param {Command | null} command */
function progressWords(command) {
  if (command === null) return 'Asking the server…'
  if (command.sentence !== null) return command.sentence
  const done = command.steps.filter(({ state }) => state === 'done').length
  if (command.steps.length === 0) return 'Asked. Waiting for the engine…'
  return `${formatCount(done)} of ${formatCount(command.steps.length)} confirmed by the exchange.`
}
