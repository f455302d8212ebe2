import { UtcTime } from '../ui/UtcTime.jsx'
import { channelWords, EVENTS } from './words.js'

/** @import { NotificationMessage } from '../../api/types' */

const COLOURS = /** @type {Record<string, string>} */ ({ failed: 'text-danger', expired: 'text-muted', pending: 'text-warn', sent: 'text-up' })

/** What became of the newest messages. @param {{ messages: NotificationMessage[] }} props */
export function MessageList({ messages }) {
  return (
    <ul className="divide-y divide-line">
      {messages.map((message) => (
        <li key={message.id} className="flex flex-wrap gap-x-4 gap-y-1 px-4 py-2 text-sm">
          <UtcTime time={message.createdAt} zone />
          <span>{EVENTS[message.event] ?? message.event}</span>
          <span className="text-muted">
            {channelWords(message.channel).name}
            {message.target && ` ${message.target}`}
          </span>
          <span className={`font-semibold ${COLOURS[message.status] ?? ''}`}>
            {message.status}
            {message.digested && message.status === 'sent' && ' with others'}
          </span>
          {message.error && <span className="w-full break-words text-muted">{message.error}</span>}
        </li>
      ))}
    </ul>
  )
}
