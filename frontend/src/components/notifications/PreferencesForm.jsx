import { useState } from 'react'

import { Button } from '../ui/Button.jsx'
import { OutcomeLine } from '../ui/OutcomeLine.jsx'
import { EventMatrix } from './EventMatrix.jsx'
import { TermsFields } from './TermsFields.jsx'

/** @import { NotificationChoice, NotificationPreferences, Outcome } from '../../api/types' */

/**
 * Which event is told by which channel, and when. `onSave` resolves to what became of it.
 * @param {{ preferences: NotificationPreferences, onSave: (choice: NotificationChoice) => Promise<Outcome> }} props
 */
export function PreferencesForm({ preferences, onSave }) {
  const { channels, events, targets } = preferences
  const unreached = channels.map(({ name }) => name).filter((name) => !targets.some(({ channel, verified }) => channel === name && verified))
  const [chosen, setChosen] = useState(() => new Set(preferences.enabled.map(({ event, channel }) => `${event}/${channel}`)))
  const [terms, setTerms] = useState(preferences.profile)
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState(/** @type {Outcome | null} */ (null))

  function choice() {
    const enabled = events.flatMap(({ name: event }) => channels.filter(({ name }) => chosen.has(`${event}/${name}`)).map(({ name }) => ({ event, channel: name })))
    return { enabled, profile: terms }
  }

  /** @param {string} key */
  function toggle(key) {
    const next = new Set(chosen)
    if (!next.delete(key)) next.add(key)
    setChosen(next)
    setOutcome(null)
  }

  async function save() {
    setBusy(true)
    setOutcome(null)
    setOutcome(await onSave(choice()))
    setBusy(false)
  }

  return (
    <form
      aria-label="What you are told"
      className="flex flex-col gap-4 pb-4"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <EventMatrix events={events} channels={channels} unreached={unreached} chosen={chosen} onToggle={toggle} />
      <TermsFields terms={terms} onChange={setTerms} />
      <div className="flex flex-wrap items-center gap-3 px-4">
        <Button type="submit" look="primary" disabled={busy}>
          Save
        </Button>
        <OutcomeLine outcome={outcome} />
      </div>
    </form>
  )
}
