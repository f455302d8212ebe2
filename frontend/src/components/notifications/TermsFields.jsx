import { useId } from 'react'

/** @import { NotificationTerms } from '../../api/types' */
/** @import { ReactNode } from 'react' */

const FIELD = 'min-h-8 rounded-md border border-field bg-page px-2 pointer-coarse:min-h-11'

/**
 * When and how somebody is told.
 * @param {{ terms: NotificationTerms, onChange: (terms: NotificationTerms) => void }} props
 */
export function TermsFields({ terms, onChange }) {
  /** @param {Partial<NotificationTerms>} change */
  const set = (change) => onChange({ ...terms, ...change })
  const quiet = terms.quietFrom !== null
  return (
    <div className="grid gap-3 px-4 text-sm sm:grid-cols-2">
      <Field label="Time zone">
        {(id) => <input id={id} className={FIELD} value={terms.timeZone} onChange={(event) => set({ timeZone: event.target.value })} />}
      </Field>
      <Field label="Tell me from">
        {(id) => (
          <select id={id} className={FIELD} value={terms.minimumSeverity} onChange={(event) => set({ minimumSeverity: /** @type {NotificationTerms['minimumSeverity']} */ (event.target.value) })}>
            <option value="info">everything</option>
            <option value="warning">warnings on</option>
            <option value="critical">critical only</option>
          </select>
        )}
      </Field>
      <Field label="News, such as trades">
        {(id) => (
          <select id={id} className={FIELD} value={terms.digest} onChange={(event) => set({ digest: /** @type {NotificationTerms['digest']} */ (event.target.value) })}>
            <option value="off">at once</option>
            <option value="hourly">once an hour, together</option>
            <option value="daily">once a day, together</option>
          </select>
        )}
      </Field>
      <Field label="The day ends at">
        {(id) => <input id={id} type="time" step="3600" className={FIELD} value={clock(terms.summaryHour * 60)} onChange={(event) => set({ summaryHour: Math.floor(minutes(event.target.value) / 60) })} />}
      </Field>
      <label className="flex min-h-8 items-center gap-2 pointer-coarse:min-h-11">
        <input type="checkbox" className="size-4 accent-accent" checked={quiet} onChange={() => set(quiet ? { quietFrom: null, quietTo: null } : { quietFrom: 22 * 60, quietTo: 7 * 60 })} />
        Quiet hours (never for what is critical)
      </label>
      {quiet && (
        <div className="flex items-center gap-2">
          <input type="time" aria-label="Quiet from" className={FIELD} value={clock(terms.quietFrom ?? 0)} onChange={(event) => set({ quietFrom: minutes(event.target.value) })} />
          to
          <input type="time" aria-label="Quiet to" className={FIELD} value={clock(terms.quietTo ?? 0)} onChange={(event) => set({ quietTo: minutes(event.target.value) })} />
        </div>
      )}
      <label className="flex min-h-8 items-center gap-2 pointer-coarse:min-h-11">
        <input type="checkbox" className="size-4 accent-accent" checked={terms.hideAmounts} onChange={() => set({ hideAmounts: !terms.hideAmounts })} />
        Leave amounts of money out
      </label>
    </div>
  )
}

/** @param {{ label: string, children: (id: string) => ReactNode }} props */
function Field({ label, children }) {
  const id = useId()
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  )
}

/** @param {number} minute of a day */
function clock(minute) {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** @param {string} text hh:mm, empty while somebody types */
function minutes(text) {
  const [hour, minute] = text.split(':').map(Number)
  return (hour || 0) * 60 + (minute || 0)
}
