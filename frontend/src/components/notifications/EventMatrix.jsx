import { channelWords, EVENTS } from './words.js'

/** @import { NotificationChannel, NotificationEvent } from '../../api/types' */

/**
 * Which event is told by which channel. `chosen` holds `event/channel`, `unreached` the channels that
 * no proven address stands for yet.
 * @param {{ events: NotificationEvent[], channels: NotificationChannel[], unreached: string[], chosen: Set<string>, onToggle: (key: string) => void }} props
 */
export function EventMatrix({ events, channels, unreached, chosen, onToggle }) {
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="border-b border-line text-left text-xs text-muted">
          <th scope="col" className="py-2 pl-4 font-medium">
            When
          </th>
          {channels.map(({ name }) => (
            <th key={name} scope="col" className="w-14 py-2 text-center align-top font-medium sm:w-20" title={channelWords(name).name}>
              {channelWords(name).short}
              {unreached.includes(name) && <span className="block text-2xs font-normal text-warn">no address</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.name} className="border-b border-line last:border-0">
            <th scope="row" className="py-1 pl-4 text-left font-normal">
              {EVENTS[event.name] ?? event.name}
              {event.severity !== 'info' && <Severity severity={event.severity} />}
            </th>
            {channels.map(({ name }) => (
              <td key={name} className="text-center">
                <label className="inline-flex min-h-8 min-w-8 items-center justify-center pointer-coarse:min-h-11">
                  <input
                    type="checkbox"
                    className="size-4 accent-accent"
                    aria-label={`${EVENTS[event.name] ?? event.name}: ${channelWords(name).name}`}
                    checked={chosen.has(`${event.name}/${name}`)}
                    onChange={() => onToggle(`${event.name}/${name}`)}
                  />
                </label>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** @param {{ severity: string }} props */
function Severity({ severity }) {
  const colour = severity === 'critical' ? 'text-danger' : 'text-warn'
  return <span className={`ml-2 text-2xs ${colour}`}>{severity}</span>
}
