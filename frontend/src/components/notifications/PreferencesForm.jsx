import { useId, useState } from 'react'

import { Button } from '../ui/Button.jsx'

/** @import { NotificationChannel, NotificationChoice, NotificationPreferences } from '../../api/types' */

const EVENTS = /** @type {Record<string, string>} */ ({
  signal_armed: 'A signal is armed',
  trade_opened: 'A trade opens',
  trade_closed: 'A trade closes',
})
const CHANNELS = /** @type {Record<string, string>} */ ({ email: 'E-mail', sms: 'Text message' })

/**
 * Which event is told by which channel, and where to. `onSave` and `onTest` resolve to a sentence to show.
 * @param {object} props
 * @param {NotificationPreferences} props.preferences as stored
 * @param {(choice: NotificationChoice) => Promise<string>} props.onSave
 * @param {(channel: string) => Promise<string>} props.onTest
 */
export function PreferencesForm({ preferences, onSave, onTest }) {
  const { channels, events } = preferences
  const [chosen, setChosen] = useState(() => new Set(preferences.enabled.map(({ event, channel }) => `${event}/${channel}`)))
  const [phone, setPhone] = useState(channels.find(({ name }) => name === 'sms')?.address ?? '')
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState('')

  /** @param {() => Promise<string>} action */
  async function run(action) {
    setBusy(true)
    setOutcome('')
    setOutcome(await action())
    setBusy(false)
  }

  function choice() {
    const enabled = events.flatMap((event) => channels.filter(({ name }) => chosen.has(`${event}/${name}`)).map(({ name }) => ({ event, channel: name })))
    return { enabled, phone: phone.trim() || null }
  }

  /** @param {string} key */
  function toggle(key) {
    const next = new Set(chosen)
    if (!next.delete(key)) next.add(key)
    setChosen(next)
  }

  return (
    <form
      aria-label="What you are told"
      className="flex flex-col gap-4 p-4"
      onSubmit={(event) => {
        event.preventDefault()
        void run(() => onSave(choice()))
      }}
    >
      {channels.map((channel) => (
        <fieldset key={channel.name} className="rounded-md border border-line px-4 py-3">
          <legend className="px-1 text-sm font-semibold">{CHANNELS[channel.name] ?? channel.name}</legend>
          <Where channel={channel} phone={phone} onPhone={setPhone} />
          {events.map((event) => (
            <label key={event} className="flex min-h-8 items-center gap-2 pointer-coarse:min-h-11">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={chosen.has(`${event}/${channel.name}`)}
                onChange={() => toggle(`${event}/${channel.name}`)}
              />
              {EVENTS[event] ?? event}
            </label>
          ))}
          <Button
            className="mt-2"
            aria-label={`Send test by ${CHANNELS[channel.name] ?? channel.name}`}
            disabled={busy || !channel.configured}
            onClick={() => void run(() => onTest(channel.name))}
          >
            Send test
          </Button>
        </fieldset>
      ))}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" disabled={busy}>
          Save
        </Button>
        <p role="status" className="min-w-0 break-words text-sm text-muted">
          {outcome}
        </p>
      </div>
    </form>
  )
}

/** @param {{ channel: NotificationChannel, phone: string, onPhone: (phone: string) => void }} props */
function Where({ channel, phone, onPhone }) {
  const phoneId = useId()
  return (
    <>
      {channel.missing && <p className="text-sm text-warn">{channel.missing}</p>}
      {channel.name === 'sms' ? (
        <p className="my-2 flex flex-wrap items-center gap-2 text-sm">
          <label htmlFor={phoneId}>Phone number</label>
          <input
            id={phoneId}
            type="tel"
            autoComplete="tel"
            placeholder="+4915112345678"
            className="min-h-8 rounded-md border border-field bg-page px-2 pointer-coarse:min-h-11"
            value={phone}
            onChange={(event) => onPhone(event.target.value)}
          />
        </p>
      ) : (
        <p className="text-sm text-muted">To {channel.address}</p>
      )}
    </>
  )
}
