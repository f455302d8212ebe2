import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'

import { errorSentence } from '../api/errors.js'
import { queryKeys } from '../api/queryKeys.js'
import { MessageList } from '../components/notifications/MessageList.jsx'
import { PreferencesForm } from '../components/notifications/PreferencesForm.jsx'
import { Panel } from '../components/ui/Panel.jsx'
import { QueryContent } from '../components/ui/QueryContent.jsx'
import { useAuth } from '../contexts/AuthContext.jsx'

/** @import { NotificationChoice } from '../api/types' */

export default function NotificationsPage() {
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-4">
      <header className="flex flex-wrap items-center gap-4">
        <h1 className="text-lg font-semibold">Notifications</h1>
        <Link to="/" className="inline-flex min-h-8 items-center text-sm text-accent underline pointer-coarse:min-h-11">
          Back to the dashboard
        </Link>
      </header>
      <Preferences />
      <Messages />
    </div>
  )
}

function Preferences() {
  const { api } = useAuth()
  const queryClient = useQueryClient()
  // What is being typed must not be replaced by a read that nobody asked for.
  const query = useQuery({
    queryKey: queryKeys.notificationPreferences,
    queryFn: ({ signal }) => api.notificationPreferences(signal),
    staleTime: Infinity,
  })

  /** @param {NotificationChoice} choice */
  async function save(choice) {
    try {
      queryClient.setQueryData(queryKeys.notificationPreferences, await api.chooseNotifications(choice))
      return 'Saved.'
    } catch (error) {
      return errorSentence(error)
    }
  }

  /** @param {string} channel */
  async function test(channel) {
    try {
      const { sent, answer } = await api.testNotification(channel)
      return `${sent ? 'Sent' : 'Not sent'}: ${answer}`
    } catch (error) {
      return errorSentence(error)
    }
  }

  return (
    <Panel title="What you are told">
      <QueryContent what="Your choice" query={query} skeleton={<Waiting />}>
        {(preferences) => <PreferencesForm preferences={preferences} onSave={save} onTest={test} />}
      </QueryContent>
    </Panel>
  )
}

function Messages() {
  const { api } = useAuth()
  const query = useQuery({
    queryKey: queryKeys.notifications,
    queryFn: ({ signal }) => api.notifications(signal),
    refetchInterval: 10_000,
  })
  return (
    <Panel title="Latest messages">
      <QueryContent
        what="The list of messages"
        query={query}
        skeleton={<Waiting />}
        isEmpty={({ notifications }) => notifications.length === 0}
        empty={{ title: 'No message yet', text: 'Messages appear here with what became of them.' }}
      >
        {({ notifications }) => <MessageList messages={notifications} />}
      </QueryContent>
    </Panel>
  )
}

function Waiting() {
  return <div className="h-40" />
}
