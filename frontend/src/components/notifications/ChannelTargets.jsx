import { useId, useState } from 'react'

import { Badge } from '../ui/Badge.jsx'
import { Button } from '../ui/Button.jsx'
import { OutcomeLine } from '../ui/OutcomeLine.jsx'
import { channelWords } from './words.js'

/** @import { NotificationChannel, NotificationTarget, Outcome } from '../../api/types' */

/**
 * @typedef {object} TargetActions each resolves to what became of it
 * @property {(channel: string, address: string) => Promise<Outcome>} add
 * @property {() => Promise<Outcome>} addBrowser
 * @property {(id: number, code: string) => Promise<Outcome>} verify
 * @property {(id: number) => Promise<Outcome>} test
 * @property {(id: number) => Promise<Outcome>} remove
 */

const FIELD = 'min-h-8 min-w-0 rounded-md border border-field bg-page px-2 pointer-coarse:min-h-11'

/**
 * The places one channel reaches, and how to add another.
 * @param {{ channel: NotificationChannel, targets: NotificationTarget[], actions: TargetActions, account: string }} props
 */
export function ChannelTargets({ channel, targets, actions, account }) {
  const [outcome, setOutcome] = useState(/** @type {Outcome | null} */ (null))
  const [busy, setBusy] = useState(false)
  const words = channelWords(channel.name)

  /** @param {() => Promise<Outcome>} action */
  async function run(action) {
    setBusy(true)
    setOutcome(null)
    const outcome = await action()
    setOutcome(outcome)
    setBusy(false)
    return outcome
  }

  return (
    <section aria-label={words.name} className="flex flex-col gap-2 border-b border-line px-4 py-3 text-sm last:border-0">
      <h3 className="font-semibold">{words.name}</h3>
      {channel.missing && <p className="text-warn">{channel.missing}</p>}
      {targets.map((target) => (
        <TargetRow key={target.id} target={target} busy={busy} actions={actions} run={run} />
      ))}
      {channel.configured &&
        (channel.name === 'push' ? (
          <Button className="self-start" disabled={busy} onClick={() => void run(actions.addBrowser)}>
            Use this browser
          </Button>
        ) : (
          <NewAddress channel={channel.name} first={channel.name === 'email' && targets.length === 0 ? account : ''} busy={busy} onAdd={(address) => run(() => actions.add(channel.name, address))} />
        ))}
      <OutcomeLine outcome={outcome} />
    </section>
  )
}

/**
 * @param {object} props
 * @param {NotificationTarget} props.target
 * @param {boolean} props.busy
 * @param {TargetActions} props.actions
 * @param {(action: () => Promise<Outcome>) => Promise<Outcome>} props.run
 */
function TargetRow({ target, busy, actions, run }) {
  const [code, setCode] = useState('')
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="min-w-0 break-all">{target.label}</span>
      {target.verified ? (
        <Button disabled={busy} aria-label={`Send test to ${target.label}`} onClick={() => void run(() => actions.test(target.id))}>
          Send test
        </Button>
      ) : (
        <form
          className="flex flex-wrap items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            void run(() => actions.verify(target.id, code.trim()))
          }}
        >
          <Badge tone="warn">not proven</Badge>
          <input aria-label={`Code sent to ${target.label}`} inputMode="numeric" autoComplete="one-time-code" placeholder="Code" maxLength={6} className={`${FIELD} w-24`} value={code} onChange={(event) => setCode(event.target.value)} />
          <Button type="submit" disabled={busy || code.trim().length !== 6}>
            Confirm
          </Button>
        </form>
      )}
      <Button look="quiet" disabled={busy} aria-label={`Remove ${target.label}`} onClick={() => void run(() => actions.remove(target.id))}>
        Remove
      </Button>
    </div>
  )
}

/** @param {{ channel: string, first: string, busy: boolean, onAdd: (address: string) => Promise<Outcome> }} props */
function NewAddress({ channel, first, busy, onAdd }) {
  const id = useId()
  const [address, setAddress] = useState(first)
  const words = channelWords(channel)

  /** What was refused stays, to be mended. */
  async function add() {
    const { failed } = await onAdd(address.trim())
    if (!failed) setAddress('')
  }

  return (
    <form
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
    >
      <label htmlFor={id}>{words.address}</label>
      <input id={id} type={channel === 'sms' ? 'tel' : 'text'} autoComplete="off" placeholder={words.hint} className={`${FIELD} flex-1 basis-48`} value={address} onChange={(event) => setAddress(event.target.value)} />
      <Button type="submit" disabled={busy || address.trim() === ''}>
        Add and send a code
      </Button>
    </form>
  )
}
