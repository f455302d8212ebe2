import { UtcTime } from '../ui/UtcTime.jsx'

/** @import { NotificationMessage } from '../../api/types' */

/** What became of the newest messages. @param {{ messages: NotificationMessage[] }} props */
export function MessageList({ messages }) {
  return (
    <ul className="divide-y divide-line">
      {messages.map((message) => (
        <li key={message.id} className="flex flex-wrap gap-x-4 gap-y-1 px-4 py-2 text-sm">
          <UtcTime time={message.createdAt} zone />
          <span>
            {message.event.replace('_', ' ')} by {message.channel}
          </span>
          <span className="font-semibold">{message.status}</span>
          {message.error && <span className="w-full break-words text-muted">{message.error}</span>}
        </li>
      ))}
    </ul>
  )
}
