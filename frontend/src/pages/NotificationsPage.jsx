import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'

import { subscribeThisBrowser } from '../api/browserPush.js'
import { errorSentence } from '../api/errors.js'
import { queryKeys } from '../api/queryKeys.js'
import { ChannelTargets } from '../components/notifications/ChannelTargets.jsx'
import { MessageList } from '../components/notifications/MessageList.jsx'
import { PreferencesForm } from '../components/notifications/PreferencesForm.jsx'
import { Panel } from '../components/ui/Panel.jsx'
import { QueryContent } from '../components/ui/QueryContent.jsx'
import { useAuth } from '../contexts/AuthContext.jsx'

/** @import { NotificationChoice, Outcome } from '../api/types' */
/** @import { TargetActions } from '../components/notifications/ChannelTargets.jsx' */

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
      <Targets />
      <Messages />
    </div>
  )
}

/** Both panels read one answer; what is being typed must not be replaced by a read nobody asked for. */
function usePreferences() {
  const { api } = useAuth()
  return useQuery({
    queryKey: queryKeys.notificationPreferences,
    queryFn: ({ signal }) => api.notificationPreferences(signal),
    staleTime: Infinity,
  })
}

function Preferences() {
  const { api } = useAuth()
  const queryClient = useQueryClient()
  const query = usePreferences()

  /** @param {NotificationChoice} choice */
  const save = (choice) =>
    told(async () => {
      queryClient.setQueryData(queryKeys.notificationPreferences, await api.chooseNotifications(choice))
      return well('Saved.')
    })

  return (
    <Panel title="What you are told, and when">
      <QueryContent what="Your choice" query={query} skeleton={<Waiting className="h-[44rem]" />}>
        {(preferences) => <PreferencesForm preferences={preferences} onSave={save} />}
      </QueryContent>
    </Panel>
  )
}

function Targets() {
  const { session } = useAuth()
  const query = usePreferences()
  const actions = useTargetActions()
  return (
    <Panel title="Where you are reached">
      <QueryContent what="Your addresses" query={query} skeleton={<Waiting className="h-80" />}>
        {({ channels, targets }) => (
          <>
            {channels.map((channel) => (
              <ChannelTargets key={channel.name} channel={channel} targets={targets.filter((target) => target.channel === channel.name)} actions={actions} account={session?.user.email ?? ''} />
            ))}
          </>
        )}
      </QueryContent>
    </Panel>
  )
}

/** @returns {TargetActions} */
function useTargetActions() {
  const { api } = useAuth()
  const queryClient = useQueryClient()

  /** @param {() => Promise<Outcome>} action */
  const change = (action) =>
    told(async () => {
      const outcome = await action()
      const fresh = await api.notificationPreferences()
      queryClient.setQueryData(queryKeys.notificationPreferences, fresh)
      return outcome
    })

  return {
    add: (channel, address) =>
      change(async () => {
        const { code } = await api.addNotificationTarget(channel, address)
        return code?.sent === false ? badly(`The code could not be sent: ${code.answer}`) : well('A code is on its way. Enter it here.')
      }),
    addBrowser: () =>
      change(async () => {
        const { publicKey } = await api.pushKey()
        await api.addNotificationTarget('push', await subscribeThisBrowser(publicKey))
        return well('This browser is told from now on what you choose above.')
      }),
    verify: (id, code) =>
      change(async () => {
        await api.verifyNotificationTarget(id, code)
        return well('Confirmed.')
      }),
    test: (id) =>
      told(async () => {
        const { sent, answer } = await api.testNotificationTarget(id)
        return sent ? well(`Sent: ${answer}`) : badly(`Not sent: ${answer}`)
      }),
    remove: (id) =>
      change(async () => {
        await api.removeNotificationTarget(id)
        return well('Removed.')
      }),
  }
}

/**
 * Runs an action and turns an error into the sentence to show.
 * @param {() => Promise<Outcome>} action
 */
async function told(action) {
  try {
    return await action()
  } catch (error) {
    return badly(errorSentence(error))
  }
}

/** @param {string} text */
function well(text) {
  return { text, failed: false }
}

/** @param {string} text */
function badly(text) {
  return { text, failed: true }
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
        skeleton={<Waiting className="h-40" />}
        isEmpty={({ notifications }) => notifications.length === 0}
        empty={{ title: 'No message yet', text: 'Messages appear here with what became of them.' }}
      >
        {({ notifications }) => <MessageList messages={notifications} />}
      </QueryContent>
    </Panel>
  )
}

/** @param {{ className: string }} props as high as what comes */
function Waiting({ className }) {
  return <div className={`skeleton m-4 ${className}`} />
}
